import assert from 'node:assert/strict';
import { acquire, done, granted, read } from './answers.ts';
import { failure, outcome } from './endings.ts';
import { assertBytes } from './snapshot.ts';
import { type StoreSpec, specs } from './store-spec.ts';

export const expirySpecs: readonly StoreSpec[] = specs('expiry', {
  'a completed record is no longer read after its retention': async ({
    stores: [store],
    claim,
    shortMs,
    now,
    eventually,
  }) => {
    const mine = claim();
    await acquire(store, mine);
    const completedFrom = now();
    const retentionMs = shortMs;
    done(await store.complete(mine.id, mine.token, outcome('done', { retentionMs })));
    const goneAt = await eventually('end of the retention', async () => {
      const record = await store.get(mine.id);
      return record === undefined && Math.max(now(), 1);
    });
    const after = goneAt - completedFrom;
    // Engines count in whole milliseconds.
    assert.ok(after > retentionMs - 2, `${retentionMs} ms of retention ended after ${after} ms`);
  },

  'a claim finds an expired completed record absent, and begins anew': async ({
    stores: [store],
    claim,
    rival,
    shortMs,
    eventually,
  }) => {
    const mine = claim();
    const first = await acquire(store, mine);
    const retentionMs = shortMs;
    done(await store.complete(mine.id, mine.token, outcome('done', { retentionMs })));
    const theirs = rival(mine);
    const record = await eventually('claim of the expired record', () => granted(store, theirs));
    assert.equal(record.attempt, 1, 'it is a new record');
    assert.equal(record.createdAt, record.startedAt);
    assert.ok(record.createdAt > first.createdAt);
    assert.equal(record.outcome, undefined);
    assert.ok(record.fence > first.fence, 'the fence goes on rising');
  },

  'a failed record is no longer read after its retention, and begins anew': async ({
    stores: [store],
    claim,
    rival,
    shortMs,
    eventually,
  }) => {
    const mine = claim();
    await acquire(store, mine);
    const retentionMs = shortMs;
    done(await store.release(mine.id, mine.token, failure('try again', { retentionMs })));
    await eventually('end of the retention', async () => (await store.get(mine.id)) === undefined);
    assert.equal((await acquire(store, rival(mine))).attempt, 1);
  },

  'an abandoned record is kept for its retention after the lease, then begins anew': async ({
    stores: [store],
    claim,
    rival,
    shortMs,
    clockMarginMs,
    now,
    eventually,
  }) => {
    const mine = claim({ leaseMs: shortMs, retentionMs: shortMs });
    const claimedFrom = now();
    await acquire(store, mine);
    const goneAt = await eventually('end of the retention', async () => {
      return (await store.get(mine.id)) === undefined && Math.max(now(), 1);
    });
    const after = goneAt - claimedFrom;
    // Engines count in whole milliseconds.
    assert.ok(
      after > 2 * shortMs - 2,
      `lease and retention of ${shortMs} ms ended after ${after} ms`,
    );
    assert.ok(clockMarginMs >= 0);
    assert.equal((await acquire(store, rival(mine, { leaseMs: 60_000 }))).attempt, 1);
  },

  'an attempt that ended as unknown is kept for the retention of its claim, then begins anew':
    async ({ stores: [store], claim, rival, meanwhile, outlast, eventually }) => {
      const { mine, retentionMs } = await meanwhile('the retention', async (retentionMs) => {
        const mine = claim({ retentionMs });
        await acquire(store, mine);
        done(await store.release(mine.id, mine.token, failure('who knows', { unknown: true })));
        return (await store.get(mine.id)) && { mine, retentionMs };
      });
      await outlast(retentionMs);
      await eventually('end of the retention', async () => {
        return (await store.get(mine.id)) === undefined;
      });
      assert.equal((await acquire(store, rival(mine))).attempt, 1);
    },

  'a retention of null keeps a record until somebody deletes it': async ({
    stores: [store],
    claim,
    shortMs,
    outlast,
  }) => {
    const completed = claim({ retentionMs: 1 });
    const failed = claim({ retentionMs: 1 });
    const abandoned = claim({ leaseMs: shortMs, retentionMs: null });
    for (const mine of [completed, failed, abandoned]) await acquire(store, mine);
    const recorded = outcome('for ever', { retentionMs: null });
    done(await store.complete(completed.id, completed.token, recorded));
    done(await store.release(failed.id, failed.token, failure('seen', { retentionMs: null })));
    await outlast(2 * shortMs);
    for (const { id } of [completed, failed, abandoned]) {
      assert.equal((await read(store, id)).expiresAt, undefined);
    }
    assertBytes((await read(store, completed.id)).outcome, recorded.bytes);
    for (const { id } of [completed, failed, abandoned]) assert.equal(await store.delete(id), true);
  },

  'an expired record is not listed': async ({
    stores: [store],
    claim,
    operation,
    shortMs,
    outlast,
    eventually,
  }) => {
    const mine = claim();
    await acquire(store, mine);
    const retentionMs = shortMs;
    done(await store.complete(mine.id, mine.token, outcome('done', { retentionMs })));
    await outlast(shortMs);
    await eventually('end of the retention', async () => {
      return (await store.list({ operation, limit: 10 })).records.length === 0;
    });
  },

  'an expired record is not there to be deleted': async ({
    stores: [store],
    claim,
    shortMs,
    outlast,
    eventually,
  }) => {
    const mine = claim();
    await acquire(store, mine);
    const retentionMs = shortMs;
    done(await store.complete(mine.id, mine.token, outcome('done', { retentionMs })));
    await outlast(shortMs);
    await eventually('end of the retention', async () => (await store.get(mine.id)) === undefined);
    assert.equal(await store.delete(mine.id), false);
  },
});

export const pausedRetirementSpecs: readonly StoreSpec[] = specs(
  'paused retirement',
  {
    'goes on replaying a completed record past its retention': async ({
      stores: [one, other],
      claim,
      rival,
      shortMs,
      outlast,
      eventually,
      operation,
    }) => {
      const mine = claim();
      await acquire(one, mine);
      const recorded = outcome('still here', { retentionMs: shortMs });
      done(await one.complete(mine.id, mine.token, recorded));
      await outlast(shortMs);
      const paused = { retirement: 'paused' } as const;
      assertBytes((await one.get(mine.id, paused))?.outcome, recorded.bytes);
      const answer = await other.acquire(rival(mine), paused);
      assert.equal(answer.status, 'existing');
      assertBytes(answer.record.outcome, recorded.bytes);
      const { records } = await one.list({ operation, limit: 10 }, paused);
      assert.deepEqual(
        records.map(({ id }) => id),
        [mine.id],
      );
      await eventually('retirement turned back on', async () => {
        return (await one.get(mine.id, { retirement: 'on' })) === undefined;
      });
      assert.equal((await acquire(other, rival(mine))).attempt, 1);
    },

    'keeps no failed record past its retention': async ({
      stores: [store],
      claim,
      shortMs,
      eventually,
    }) => {
      const mine = claim();
      await acquire(store, mine);
      const retentionMs = shortMs;
      done(await store.release(mine.id, mine.token, failure('try again', { retentionMs })));
      await eventually('end of the retention', async () => {
        return (await store.get(mine.id, { retirement: 'paused' })) === undefined;
      });
    },
  },
  ['pausedRetirement'],
);
