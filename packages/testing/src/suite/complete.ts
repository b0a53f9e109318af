import assert from 'node:assert/strict';
import { acquire, done, read } from './answers.ts';
import { failure, outcome } from './endings.ts';
import { assertBytes, assertSameRecord, changesNothing } from './snapshot.ts';
import { type StoreSpec, specs } from './store-spec.ts';

export const completeSpecs: readonly StoreSpec[] = specs('complete', {
  'records the outcome for everybody': async ({ stores: [one, other], claim }) => {
    const mine = claim();
    const claimed = await acquire(one, mine);
    const recorded = outcome('the result', { retentionMs: 7_200_000 });
    const record = done(await one.complete(mine.id, mine.token, recorded));
    assert.equal(record.status, 'completed');
    assert.equal(record.token, mine.token);
    assert.equal(record.fence, claimed.fence);
    assert.equal(record.attempt, 1);
    assert.equal(record.createdAt, claimed.createdAt);
    assert.equal(record.lastError, undefined);
    const kept = await read(other, mine.id);
    assertBytes(kept.outcome, recorded.bytes);
    assert.equal(kept.outcomeBytes, recorded.bytes.byteLength);
    assert.ok(kept.completedAt !== undefined && kept.completedAt >= kept.startedAt);
    assert.ok(kept.expiresAt !== undefined);
    const retention = kept.expiresAt - kept.completedAt;
    assert.ok(Math.abs(retention - 7_200_000) <= 1_000, 'retention counts from completion');
  },

  'answers the record as it is kept': async ({ stores: [store], claim }) => {
    const mine = claim();
    await acquire(store, mine);
    const record = done(await store.complete(mine.id, mine.token, outcome('the result')));
    const { outcome: _, ...kept } = await read(store, mine.id);
    assertSameRecord({ ...record, outcome: undefined }, kept, 'answered as kept');
  },

  'keeps every byte': async ({ stores: [store], claim }) => {
    const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const long = Uint8Array.from({ length: 100_000 }, (_, at) => (at * 31) % 251);
    for (const bytes of [new Uint8Array(0), everyByte, long, long.subarray(7, 5_007)]) {
      const mine = claim();
      await acquire(store, mine);
      done(await store.complete(mine.id, mine.token, outcome(bytes)));
      assertBytes((await read(store, mine.id)).outcome, bytes);
    }
  },

  'records an error as the outcome': async ({ stores: [store], claim }) => {
    const mine = claim();
    await acquire(store, mine);
    const lastError = { name: 'CardDeclined', message: 'insufficient funds' };
    done(await store.complete(mine.id, mine.token, outcome('encoded error', { lastError })));
    const record = await read(store, mine.id);
    assert.equal(record.status, 'completed');
    assert.deepEqual({ ...record.lastError }, lastError);
  },

  'refuses everybody but the owner, and changes nothing': async ({
    stores: [store],
    claim,
    rival,
  }) => {
    const mine = claim();
    await acquire(store, mine);
    const settlement = await changesNothing(store, mine.id, () =>
      store.complete(mine.id, rival(mine).token, outcome('not mine')),
    );
    assert.equal(settlement.status, 'lost');
  },

  'never creates a missing record': async ({ stores: [store], claim }) => {
    const mine = claim();
    const settlement = await store.complete(mine.id, mine.token, outcome('of nothing'));
    assert.equal(settlement.status, 'lost');
    assert.equal(await store.get(mine.id), undefined);
  },

  'is lost after somebody deleted the record': async ({ stores: [one, other], claim }) => {
    const mine = claim();
    await acquire(one, mine);
    assert.equal(await other.delete(mine.id), true);
    const settlement = await one.complete(mine.id, mine.token, outcome('too late'));
    assert.equal(settlement.status, 'lost');
    assert.equal(await one.get(mine.id), undefined);
  },

  'is lost after a release, and changes nothing': async ({ stores: [store], claim }) => {
    const mine = claim();
    await acquire(store, mine);
    done(await store.release(mine.id, mine.token, failure('gave up')));
    const settlement = await changesNothing(store, mine.id, () =>
      store.complete(mine.id, mine.token, outcome('after all')),
    );
    assert.equal(settlement.status, 'lost');
  },

  'is accepted late, if nobody took the record over': async ({
    stores: [one, other],
    claim,
    shortMs,
    outlast,
  }) => {
    const mine = claim({ leaseMs: shortMs });
    await acquire(one, mine);
    await outlast(shortMs);
    const recorded = outcome('late but mine');
    done(await one.complete(mine.id, mine.token, recorded));
    assertBytes((await read(other, mine.id)).outcome, recorded.bytes);
  },
});
