import type { Store } from '@twiceproof/core';
import type { VirtualClock } from '@twiceproof/testing/clock';
import type { Chance } from './chance.ts';
import type { SimulatedProcess } from './simulated-process.ts';

const longestDelayMs = 40;
/** Of requests whose caller was refused: less than the lease that a claim among them would get. */
const longestLatenessMs = 250;

/** Where the connection of one process leads. After a failover that is a server which answers reads and
 * refuses writes, until whoever holds the connection drops it. */
export interface Connection {
  isWrong: boolean;
  /** Told of each write that the wrong server refuses: a store drops the connection. */
  onRefused(): void;
}

/** The store as one process reaches it: late, sometimes not at all, sometimes without the answer,
 * sometimes when its caller has long been refused, and not at all while the store is away. */
export function overNetwork(
  store: Store,
  world: VirtualClock,
  process: SimulatedProcess,
  chance: Chance,
  faultRate: number,
  isAway: () => boolean,
  connection: Connection,
): Store {
  const travel = <Answer>(send: () => Promise<Answer>): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const lost = chance.happens(faultRate)
        ? chance.pick(['request', 'answer', 'both', 'refused'] as const)
        : undefined;
      const refuse = (): void => process.whenRunning(() => reject(new Error('connection reset')));
      world.schedule(chance.below(longestDelayMs), () => {
        if (lost === 'request' || isAway()) return refuse();
        if (lost === 'refused') {
          world.schedule(chance.below(longestLatenessMs), () => void send().catch(() => {}));
          return refuse();
        }
        const answer = send();
        answer.catch(() => {});
        world.schedule(chance.below(longestDelayMs), () => {
          if (lost === 'answer') return refuse();
          // Neither an answer nor an error: the client has to give up by itself.
          if (lost === 'both') return;
          answer.then(
            (value) => process.whenRunning(() => resolve(value)),
            (error: unknown) => process.whenRunning(() => reject(error)),
          );
        });
      });
    });
  const write = <Answer>(send: () => Promise<Answer>): Promise<Answer> =>
    travel(() => {
      if (!connection.isWrong) return send();
      connection.onRefused();
      return Promise.reject(new Error('READONLY a server that a failover has made the wrong one'));
    });
  return {
    name: store.name,
    limits: store.limits,
    acquire: (...request) => write(() => store.acquire(...request)),
    renew: (...request) => write(() => store.renew(...request)),
    complete: (...request) => write(() => store.complete(...request)),
    release: (...request) => write(() => store.release(...request)),
    get: (...request) => travel(() => store.get(...request)),
    delete: (...request) => write(() => store.delete(...request)),
    list: (...request) => travel(() => store.list(...request)),
  };
}
