import assert from 'node:assert/strict';
import type { StoredRecord } from '@twiceproof/core';
import { acquire, done, existing } from './answers.ts';
import { failure, outcome } from './endings.ts';
import { assertBytes, assertSameRecord, changesNothing } from './snapshot.ts';
import type { StoreContext } from './store-context.ts';
import { type StoreSpec, specs } from './store-spec.ts';

/** A completed record as a slower store would answer it. */
function completedElsewhere({ claim }: StoreContext, content = 'from elsewhere'): StoredRecord {
  const {
    leaseMs,
    retentionMs: _retentionMs,
    abandoned: _abandoned,
    ...work
  } = claim({
    scope: 'tenant',
    keyPreview: 'key',
    inputPreview: 'input',
    fingerprint: 'payload',
    workflow: 'conformance/workflow/0/x',
    inputDigest: 'digest',
    traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
  });
  const { bytes } = outcome(content);
  const startedAt = Date.now() - 5_000;
  return {
    ...work,
    status: 'completed',
    fence: 7,
    attempt: 3,
    createdAt: startedAt - 60_000,
    startedAt,
    leaseUntil: startedAt + leaseMs,
    completedAt: startedAt + 1_000,
    expiresAt: startedAt + 86_400_000,
    lastError: { name: 'Error', message: 'recorded' },
    settledBy: { by: 'ada', reason: 'seen at the bank' },
    outcome: bytes,
    outcomeBytes: bytes.byteLength,
  };
}

export const fillSpecs: readonly StoreSpec[] = specs(
  'fill',
  {
    'takes a completed record as it is': async (context) => {
      const [one, other] = context.stores;
      const record = completedElsewhere(context);
      await one.fill!(record, 60_000);
      assertSameRecord(await one.get(record.id), record, 'as the slower store answered it');
      assertSameRecord(await other.get(record.id), record, 'for both clients');
    },

    'answers the record to a claim': async (context) => {
      const [store] = context.stores;
      const record = completedElsewhere(context);
      await store.fill!(record, 60_000);
      const claim = context.claim({ id: record.id, fingerprint: record.fingerprint });
      assertSameRecord(existing(await store.acquire(claim)), record, 'as it was filled');
    },

    'keeps the record no longer than it is told': async (context) => {
      const [store] = context.stores;
      const record = completedElsewhere(context);
      await store.fill!(record, context.shortMs);
      await context.outlast(context.shortMs);
      await context.eventually('end of the time to live', async () => {
        return (await store.get(record.id)) === undefined;
      });
    },

    'keeps the bytes apart from the caller’s': async (context) => {
      const [store] = context.stores;
      const record = completedElsewhere(context);
      const expected = record.outcome!.slice();
      await store.fill!(record, 60_000);
      record.outcome!.fill(9);
      assertBytes((await store.get(record.id))?.outcome, expected);
      (await store.get(record.id))?.outcome?.fill(9);
      assertBytes((await store.get(record.id))?.outcome, expected);
    },

    'filled again, holds the newer record': async (context) => {
      const [store] = context.stores;
      const record = completedElsewhere(context);
      await store.fill!(record, 60_000);
      const newer = { ...record, fence: 8, attempt: 4, outcome: outcome('re-executed').bytes };
      const expected = { ...newer, outcomeBytes: newer.outcome.byteLength };
      await store.fill!(expected, 60_000);
      assertSameRecord(await store.get(record.id), expected, 'the newer record');
    },

    'never overwrites a record that this store decides about': async (context) => {
      const { stores, claim } = context;
      const [store] = stores;
      const live = claim();
      const completed = claim();
      const failed = claim();
      for (const mine of [live, completed, failed]) await acquire(store, mine);
      done(await store.complete(completed.id, completed.token, outcome('mine')));
      done(await store.release(failed.id, failed.token, failure('mine')));
      for (const { id } of [live, completed, failed]) {
        const record = { ...completedElsewhere(context), id, fence: 1_000_000 };
        await changesNothing(store, id, () => store.fill!(record, 60_000));
      }
      done(await store.complete(live.id, live.token, outcome('mine')));
    },

    'leaves a filled record free to be deleted': async (context) => {
      const [store] = context.stores;
      const record = completedElsewhere(context);
      await store.fill!(record, 60_000);
      assert.equal(await store.delete(record.id), true);
      assert.equal(await store.get(record.id), undefined);
    },
  },
  ['fill'],
);
