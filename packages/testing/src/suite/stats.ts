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
      const none = { in_progress: 0, completed: 0, failed: 0, stuck: 0, held: 0, unknown: 0 };
      const first = { operation, ...none, in_progress: 2, completed: 1 };
      const another = { operation: second, ...none, failed: 1 };
      const all = await other.stats!({ environment, limit: 1 });
      const byName = [...all].sort((a, b) => (a.operation < b.operation ? -1 : 1));
      assert.deepEqual(byName, [first, another]);
      const scoped = await other.stats!({ environment, scope: 'tenant', limit: 1 });
      assert.deepEqual(scoped, [another]);
      assert.deepEqual(await other.stats!({ environment: `no ${environment}`, limit: 1 }), []);
    },

    'counts what is stuck, held and unknown among what is in progress': async ({
      stores: [one, other],
      claim,
      operation,
      shortMs,
      outlast,
      eventually,
    }) => {
      const forEver = { retentionMs: null, abandoned: 'hold' as const };
      const crashed = [claim({ leaseMs: shortMs }), claim({ leaseMs: shortMs, ...forEver })];
      const unknown = [claim(), claim(forEver), claim(forEver)];
      for (const mine of [...crashed, ...unknown, claim(forEver)]) await acquire(one, mine);
      for (const mine of unknown) {
        done(await one.release(mine.id, mine.token, failure('who knows', { unknown: true })));
      }
      await outlast(shortMs);
      const found = await eventually('counts of what is stuck', async () => {
        const counted = await other.stats!({ operation, limit: 1 });
        return counted[0]?.stuck === 5 && counted;
      });
      const counts = { in_progress: 6, completed: 0, failed: 0, stuck: 5, held: 3, unknown: 3 };
      assert.deepEqual(found, [{ operation, ...counts }]);
    },
  },
  ['stats'],
);
