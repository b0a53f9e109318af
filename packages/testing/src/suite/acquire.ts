import assert from 'node:assert/strict';
import { acquire, acquired, done, existing, read } from './answers.ts';
import { failure, outcome } from './endings.ts';
import { assertBytes, assertSameRecord, changesNothing } from './snapshot.ts';
import { type StoreSpec, specs } from './store-spec.ts';

export const acquireSpecs: readonly StoreSpec[] = specs('acquire', {
  'claims an absent record: in progress, first attempt, the whole lease': async ({
    stores: [store],
    claim,
    isTimeVirtual,
  }) => {
    const mine = claim({ leaseMs: 45_000 });
    const answer = await store.acquire(mine);
    const record = acquired(answer);
    assert.equal(record.id, mine.id);
    assert.equal(record.status, 'in_progress');
    assert.equal(record.token, mine.token);
    assert.equal(record.attempt, 1);
    assert.ok(
      Number.isSafeInteger(record.fence) && record.fence > 0,
      'a fence is a positive integer',
    );
    assert.equal(record.createdAt, record.startedAt);
    assert.equal(record.outcome, undefined);
    assert.equal(record.completedAt, undefined);
    assert.ok(
      answer.leaseRemainingMs <= 45_000 && answer.leaseRemainingMs > 30_000,
      `what is left of a lease of 45000 ms should not be ${answer.leaseRemainingMs}`,
    );
    if (!isTimeVirtual) {
      const skew = Math.abs(record.createdAt - Date.now());
      assert.ok(skew < 3_600_000, 'times are epoch milliseconds');
    }
  },

  'lets both clients read what one of them claimed': async ({ stores: [one, other], claim }) => {
    const record = await acquire(one, claim());
    assertSameRecord(await one.get(record.id), record, 'the claimant reads what it was answered');
    assertSameRecord(await other.get(record.id), record, 'the other client reads the same');
  },

  'refuses a second claim while the lease is live, and writes nothing': async ({
    stores: [one, other],
    claim,
    rival,
  }) => {
    const mine = claim();
    await acquire(one, mine);
    const answer = await changesNothing(one, mine.id, () => other.acquire(rival(mine)));
    assert.equal(existing(answer).token, mine.token);
    assert.ok(
      answer.leaseRemainingMs > 30_000 && answer.leaseRemainingMs <= 61_000,
      'says what is left of the lease',
    );
  },

  'answers a completed record with its outcome, and writes nothing': async ({
    stores: [one, other],
    claim,
    rival,
  }) => {
    const mine = claim();
    await acquire(one, mine);
    const recorded = outcome('the result');
    done(await one.complete(mine.id, mine.token, recorded));
    const answer = await changesNothing(one, mine.id, () => other.acquire(rival(mine)));
    const record = existing(answer);
    assert.equal(record.status, 'completed');
    assertBytes(record.outcome, recorded.bytes);
    assertSameRecord(record, await one.get(mine.id), 'a replay reads what get reads');
  },

  'claims a failed record as the next attempt of the same record': async ({
    stores: [one, other],
    claim,
    rival,
    pass,
  }) => {
    const mine = claim();
    const first = await acquire(one, mine);
    done(await one.release(mine.id, mine.token, failure('try again')));
    await pass(20);
    const theirs = rival(mine);
    const second = await acquire(other, theirs);
    assert.equal(second.status, 'in_progress');
    assert.equal(second.token, theirs.token);
    assert.equal(second.attempt, 2);
    assert.ok(second.fence > first.fence, 'the fence rises');
    assert.equal(second.createdAt, first.createdAt, 'the record keeps its beginning');
    assert.ok(second.startedAt > first.startedAt, 'the attempt has its own beginning');
    assertSameRecord(await one.get(mine.id), second, 'what was answered is what is kept');
  },

  'leaves nothing of the failed attempt in the claimed record': async ({
    stores: [store],
    claim,
    rival,
  }) => {
    const mine = claim({
      keyPreview: 'first',
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    });
    await acquire(store, mine);
    done(await store.release(mine.id, mine.token, failure('try again')));
    await acquire(store, rival(mine, { keyPreview: undefined, traceparent: undefined }));
    const record = await read(store, mine.id);
    assert.equal(record.lastError, undefined);
    assert.equal(record.completedAt, undefined);
    assert.equal(record.outcome, undefined);
    assert.equal(record.keyPreview, undefined);
    assert.equal(record.traceparent, undefined);
  },

  'counts every attempt': async ({ stores: [one, other], claim, rival }) => {
    let mine = claim();
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      const store = attempt % 2 === 0 ? one : other;
      assert.equal((await acquire(store, mine)).attempt, attempt);
      done(await store.release(mine.id, mine.token, failure(`attempt ${attempt}`)));
      mine = rival(mine);
    }
  },

  'lets different record ids be claimed at the same time': async ({ stores, claim }) => {
    const claims = Array.from({ length: 100 }, () => claim());
    const answers = await Promise.all(claims.map((mine, at) => stores[at % 2]!.acquire(mine)));
    for (const [at, answer] of answers.entries()) {
      assert.equal(acquired(answer).id, claims[at]!.id);
      assert.equal(answer.record.token, claims[at]!.token);
    }
  },
});
