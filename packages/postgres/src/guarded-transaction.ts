import type { PostgresQueryable } from './client.ts';

/**
 * The transaction as the effect gets it: the driver's own object, which refuses to work once the
 * transaction has ended. Otherwise a statement that comes late would run, and be kept, by itself.
 */
export function guarded(tx: PostgresQueryable, isOver: () => boolean): PostgresQueryable {
  return new Proxy(tx, {
    get(target, name) {
      if (name === 'release') return refuseRelease;
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name !== 'query' && name !== 'exec' && name !== 'sql') return value.bind(target);
      return (...args: unknown[]) => {
        if (isOver()) return Promise.reject(new Error('the transaction of this execution is over'));
        return value.apply(target, args);
      };
    },
  });
}

function refuseRelease(): never {
  throw new Error('the connection belongs to the execution, which gives it back by itself');
}
