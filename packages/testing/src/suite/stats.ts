import assert from 'node:assert/strict';
import { acquire, done } from './answers.ts';
import { failure, outcome } from './endings.ts';
import { type StoreSpec, specs } from './store-spec.ts';

export const statsSpecs: readonly StoreSpec[] = specs(
  'stats',
  {
    'counts matching records by operation and status': async ({
      stores: [one, other],
      claim,
      operation,
    }) => {
      const environment = `counted ${operation}`;
      const second = `${operation}-2`;
      const live = [claim({ environment }), claim({ environment })];
      const completed = claim({ environment });
      const failed = claim({ environment, operation: second, scope: 'tenant' });
      for (const mine of [...live, completed, failed, claim()]) await acquire(one, mine);
      done(await one.complete(completed.id, completed.token, outcome('done')));
      done(await one.release(failed.id, failed.token, failure('try again')));
      const first = { operation, in_progress: 2, completed: 1, failed: 0 };
      const another = { operation: second, in_progress: 0, completed: 0, failed: 1 };
      const all = await other.stats!({ environment, limit: 1 });
      const byName = [...all].sort((a, b) => (a.operation < b.operation ? -1 : 1));
      assert.deepEqual(byName, [first, another]);
      const scoped = await other.stats!({ environment, scope: 'tenant', limit: 1 });
      assert.deepEqual(scoped, [another]);
      assert.deepEqual(await other.stats!({ environment: `no ${environment}`, limit: 1 }), []);
    },
  },
  ['stats'],
);
