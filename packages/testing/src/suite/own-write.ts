import assert from 'node:assert/strict';
import { acquire, acquired, alreadyDone, done, existing, granted } from './answers.ts';
import { failure, outcome } from './endings.ts';
import { assertBytes, assertSameRecord, changesNothing } from './snapshot.ts';
import { type StoreSpec, specs } from './store-spec.ts';

/** A request is sent again when its answer was lost; the store must know its own writes. */
export const ownWriteSpecs: readonly StoreSpec[] = specs('own write', {
  'a claim sent again is acquired, and starts no second attempt': async ({ stores, claim }) => {
    const [one, other] = stores;
    const mine = claim();
    const first = await acquire(one, mine);
    for (const store of [one, other]) {
      const answer = await changesNothing(one, mine.id, () => store.acquire(mine));
      assertSameRecord(acquired(answer), first, 'the retry is answered the same record');
      assert.ok(answer.leaseRemainingMs > 0, 'the lease is still live');
    }
  },

  'a claim sent again at the same time is acquired every time': async ({ stores, claim }) => {
    const mine = claim();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) => stores[at % 2]!.acquire(mine)),
    );
    for (const answer of answers) {
      assert.equal(acquired(answer).attempt, 1);
      assert.equal(answer.record.fence, answers[0]!.record.fence);
    }
  },

  'a takeover sent again is acquired, and counts once': async ({
    stores: [one, other],
    claim,
    rival,
    shortMs,
    eventually,
  }) => {
    const mine = claim({ leaseMs: shortMs });
    await acquire(one, mine);
    const theirs = rival(mine, { leaseMs: 60_000 });
    const taken = await eventually('takeover', () => granted(other, theirs));
    assert.equal(taken.attempt, 2);
    const again = await changesNothing(one, mine.id, () => other.acquire(theirs));
    assertSameRecord(acquired(again), taken, 'the retry is answered the same record');
  },

  'a claim that arrives after its completion executes nothing again': async ({
    stores: [one, other],
    claim,
  }) => {
    const mine = claim();
    await acquire(one, mine);
    done(await one.complete(mine.id, mine.token, outcome('done')));
    const answer = await changesNothing(one, mine.id, () => other.acquire(mine));
    assert.equal(existing(answer).status, 'completed');
  },

  'a completion sent again is already done, and keeps the first outcome': async ({
    stores: [one, other],
    claim,
  }) => {
    const mine = claim();
    await acquire(one, mine);
    const recorded = outcome('first');
    const first = done(await one.complete(mine.id, mine.token, recorded));
    const again = await changesNothing(one, mine.id, () =>
      other.complete(mine.id, mine.token, outcome('second')),
    );
    const record = alreadyDone(again);
    assert.equal(record.completedAt, first.completedAt);
    assertBytes((await one.get(mine.id))?.outcome, recorded.bytes);
  },

  'completions sent at the same time end in one done and the rest already done': async ({
    stores,
    claim,
  }) => {
    const mine = claim();
    await acquire(stores[0], mine);
    const settlements = await Promise.all(
      Array.from({ length: 10 }, (_, at) =>
        stores[at % 2]!.complete(mine.id, mine.token, outcome('same')),
      ),
    );
    const statuses = settlements.map((settlement) => settlement.status).sort();
    assert.deepEqual(statuses, [...Array(9).fill('already_done'), 'done']);
  },

  'a release sent again is already done': async ({ stores: [one, other], claim }) => {
    const mine = claim();
    await acquire(one, mine);
    done(await one.release(mine.id, mine.token, failure('first')));
    const again = await changesNothing(one, mine.id, () =>
      other.release(mine.id, mine.token, failure('second')),
    );
    assert.equal(alreadyDone(again).lastError?.message, 'first');
  },
});
