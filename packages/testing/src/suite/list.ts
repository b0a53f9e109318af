import assert from 'node:assert/strict';
import {
  isIdempotencyError,
  type RecordQuery,
  type Store,
  type StoredRecord,
} from '@twiceproof/core';
import { acquire, done } from './answers.ts';
import { failure, outcome } from './endings.ts';
import { forgeries } from './forgeries.ts';
import { assertSameRecord } from './snapshot.ts';
import { type StoreSpec, specs } from './store-spec.ts';

/** All records of a query, page by page; `between` runs after each page. */
async function all(
  store: Store,
  query: Omit<RecordQuery, 'limit' | 'cursor'>,
  limit = 1_000,
  between: (page: number) => Promise<void> = async () => {},
): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  let cursor: string | undefined;
  for (let page = 1; page <= 100_000; page += 1) {
    const answer = await store.list({ ...query, limit, cursor });
    assert.ok(answer.records.length <= limit, 'a page holds no more than asked for');
    records.push(...answer.records);
    if (answer.cursor === undefined) return records;
    cursor = answer.cursor;
    await between(page);
  }
  throw new assert.AssertionError({ message: 'the pages never came to an end' });
}

function ids(records: readonly { readonly id: string }[]): string[] {
  return records.map(({ id }) => id).sort();
}

export const listSpecs: readonly StoreSpec[] = specs('list', {
  'answers every status, as get does but without the outcome bytes': async ({
    stores: [one, other],
    claim,
    operation,
  }) => {
    const live = claim({ keyPreview: 'live' });
    const completed = claim({ scope: 'tenant', inputPreview: '{}' });
    const failed = claim();
    for (const mine of [live, completed, failed]) await acquire(one, mine);
    done(await one.complete(completed.id, completed.token, outcome('twelve bytes')));
    done(await one.release(failed.id, failed.token, failure('try again')));
    const records = await all(other, { operation });
    assert.deepEqual(ids(records), ids([live, completed, failed]));
    for (const record of records) {
      const whole = await one.get(record.id);
      assert.equal(record.outcome, undefined, 'a page carries no outcomes');
      assertSameRecord(record, whole && { ...whole, outcome: undefined }, 'as get answers it');
    }
    const { outcomeBytes } = records.find(({ id }) => id === completed.id)!;
    assert.equal(outcomeBytes, 12);
  },

  'answers an empty last page when nothing matches': async ({ stores: [store], operation }) => {
    assert.deepEqual(await all(store, { operation }), []);
  },

  'finds by environment, operation, run, scope and status': async ({
    stores: [store],
    claim,
    operation,
  }) => {
    const plain = claim();
    const elsewhere = claim({ environment: 'conformance-2' });
    const rerun = claim({ run: 1 });
    const scoped = claim({ scope: 'tenant-1' });
    const alike = claim({ operation: `${operation}-2` });
    const everything = [plain, elsewhere, rerun, scoped, alike];
    for (const mine of everything) await acquire(store, mine);
    done(await store.complete(rerun.id, rerun.token, outcome('done')));
    const find = async (query: Omit<RecordQuery, 'limit'>) => ids(await all(store, query));
    assert.deepEqual(await find({ operation }), ids([plain, elsewhere, rerun, scoped]));
    const byEnvironment = await find({ operation, environment: 'conformance-2' });
    assert.deepEqual(byEnvironment, [elsewhere.id]);
    assert.deepEqual(await find({ operation, run: 1 }), [rerun.id]);
    assert.deepEqual(await find({ operation, scope: 'tenant-1' }), [scoped.id]);
    assert.deepEqual(await find({ operation, status: 'completed' }), [rerun.id]);
    assert.deepEqual(await find({ operation, status: 'failed' }), []);
    const live = await find({ operation, status: 'in_progress' });
    assert.deepEqual(live, ids([plain, elsewhere, scoped]));
    assert.deepEqual(await find({ operation, run: 0, scope: 'tenant-1' }), [scoped.id]);
    assert.deepEqual(await find({ operation, run: 1, scope: 'tenant-1' }), []);
  },

  'finds the steps of a workflow': async ({ stores: [store], claim, operation }) => {
    const workflow = claim();
    const steps = [
      claim({ workflow: workflow.id }),
      claim({ workflow: workflow.id, operation: `${operation}.charge` }),
    ];
    const others = [workflow, claim({ workflow: `${workflow.id}-2` })];
    for (const mine of [...steps, ...others]) await acquire(store, mine);
    done(await store.complete(steps[0]!.id, steps[0]!.token, outcome('done')));
    assert.deepEqual(ids(await all(store, { workflow: workflow.id }, 1)), ids(steps));
    assert.deepEqual(ids(await all(store, { workflow: workflow.id, operation })), [steps[0]!.id]);
    const live = await all(store, { workflow: workflow.id, status: 'in_progress' });
    assert.deepEqual(ids(live), [steps[1]!.id]);
  },

  'finds what ended as unknown, and counts it among what is stuck or held': async ({
    stores: [one, other],
    claim,
    rival,
    operation,
  }) => {
    const held = claim({ retentionMs: null, abandoned: 'hold' });
    const stuck = claim();
    const claimedAgain = claim();
    const failed = claim();
    const recorded = claim();
    const live = claim();
    for (const mine of [held, stuck, claimedAgain, failed, recorded, live])
      await acquire(one, mine);
    for (const mine of [held, stuck, claimedAgain]) {
      done(await one.release(mine.id, mine.token, failure('who knows', { unknown: true })));
    }
    await acquire(one, rival(claimedAgain));
    const lastError = { name: 'Error', message: 'known' };
    done(await one.release(failed.id, failed.token, failure('known')));
    done(await one.complete(recorded.id, recorded.token, outcome('error', { lastError })));
    const find = async (query: Omit<RecordQuery, 'limit'>) =>
      ids(await all(other, { operation, ...query }));
    assert.deepEqual(await find({ unknown: true }), ids([held, stuck]));
    assert.deepEqual(await find({ stuck: true }), ids([held, stuck]));
    assert.deepEqual(await find({ held: true }), [held.id]);
    assert.deepEqual(await find({ held: true, unknown: true }), [held.id]);
    assert.equal((await find({ unknown: false })).length, 6);
    const [record] = await all(other, { operation, held: true });
    assertSameRecord(record, await other.get(held.id), 'as get answers it');
  },

  'answers a forged cursor with a page or a refusal that names it, never with a fault': async ({
    stores: [store],
    claim,
    operation,
  }) => {
    for (let made = 0; made < 3; made += 1) await acquire(store, claim());
    const { cursor } = await store.list({ operation, limit: 1 });
    assert.ok(cursor, 'there is more than one page');
    for (const forged of forgeries(cursor)) {
      try {
        // What happens to be a place in the list may be answered from there.
        await store.list({ operation, limit: 1, cursor: forged });
      } catch (error) {
        assert.ok(
          isIdempotencyError(error, 'OPTIONS_INVALID') && /cursor/.test(error.message),
          `${JSON.stringify(forged)} was answered with ${String(error)}`,
        );
      }
    }
  },

  'finds by the beginning of the id, taken literally': async ({
    stores: [store],
    claim,
    operation,
  }) => {
    const starts = ['a%b', 'a_b', 'axb', 'a*b', 'a[x]b', 'a?b', 'a\\b', 'A%b'];
    const claims = starts.map((start) => claim({ id: `${operation}/${start}/rest` }));
    for (const mine of claims) await acquire(store, mine);
    for (const [at, start] of starts.entries()) {
      const found = await all(store, { idPrefix: `${operation}/${start}` });
      assert.deepEqual(ids(found), [claims[at]!.id], start);
    }
    assert.equal((await all(store, { idPrefix: `${operation}/` })).length, starts.length);
  },

  'finds text anywhere in the key preview, in any case, taken literally': async ({
    stores: [store],
    claim,
    operation,
  }) => {
    const previews = ['["Order-100%_off"]', '["order-100xyoff"]', '["a\\\\b*"]', undefined];
    const claims = previews.map((keyPreview) => claim({ keyPreview }));
    for (const mine of claims) await acquire(store, mine);
    const find = async (text: string) => ids(await all(store, { operation, text }));
    assert.deepEqual(await find('ORDER-100'), ids([claims[0]!, claims[1]!]));
    assert.deepEqual(await find('100%_O'), [claims[0]!.id]);
    assert.deepEqual(await find('\\b*'), [claims[2]!.id]);
    assert.deepEqual(await find('nowhere'), []);
  },

  'finds by when the latest attempt started': async ({
    stores: [store],
    claim,
    operation,
    pass,
  }) => {
    const early = await acquire(store, claim());
    await pass(30);
    const late = await acquire(store, claim());
    assert.ok(late.startedAt > early.startedAt);
    const find = async (query: Omit<RecordQuery, 'limit'>) =>
      ids(await all(store, { operation, ...query }));
    assert.deepEqual(await find({ startedBefore: late.startedAt }), [early.id]);
    assert.deepEqual(await find({ startedAfter: late.startedAt }), [late.id]);
    assert.deepEqual(await find({ startedAfter: early.startedAt }), ids([early, late]));
    assert.deepEqual(await find({ startedBefore: early.startedAt }), []);
    const between = { startedAfter: early.startedAt, startedBefore: late.startedAt };
    assert.deepEqual(await find(between), [early.id]);
  },

  'finds what is stuck: in progress, with its lease over': async ({
    stores: [store],
    claim,
    operation,
    shortMs,
    outlast,
    eventually,
  }) => {
    const stuck = claim({ leaseMs: shortMs });
    const live = claim();
    const completed = claim({ leaseMs: shortMs });
    for (const mine of [stuck, live, completed]) await acquire(store, mine);
    done(await store.complete(completed.id, completed.token, outcome('done')));
    assert.deepEqual(
      ids(await all(store, { operation, stuck: false })),
      ids([stuck, live, completed]),
    );
    await outlast(shortMs);
    const found = await eventually('stuck record in the list', async () => {
      const records = await all(store, { operation, stuck: true });
      return records.length > 0 && records;
    });
    assert.deepEqual(ids(found), [stuck.id]);
  },

  'finds what is held: stuck, and never expires by itself': async ({
    stores: [store],
    claim,
    operation,
    shortMs,
    outlast,
    eventually,
  }) => {
    const held = claim({ leaseMs: shortMs, retentionMs: null, abandoned: 'hold' });
    const crashed = claim({ leaseMs: shortMs });
    const renewed = claim({ leaseMs: shortMs, retentionMs: null, abandoned: 'hold' });
    const live = claim({ retentionMs: null, abandoned: 'hold' });
    const kept = claim({ leaseMs: shortMs });
    const everything = [held, renewed, crashed, live, kept];
    for (const mine of everything) await acquire(store, mine);
    assert.ok(await store.renew(renewed.id, renewed.token, shortMs));
    done(await store.complete(kept.id, kept.token, outcome('done', { retentionMs: null })));
    assert.deepEqual(ids(await all(store, { operation, held: false })), ids(everything));
    await outlast(shortMs);
    await eventually('stuck records in the list', async () => {
      const records = await all(store, { operation, stuck: true });
      return records.length === 3;
    });
    assert.deepEqual(ids(await all(store, { operation, held: true })), ids([held, renewed]));
  },

  'answers every record exactly once over all pages': async ({
    stores: [one, other],
    claim,
    operation,
  }) => {
    const claims = Array.from({ length: 53 }, () => claim());
    await Promise.all(claims.map((mine) => acquire(one, mine)));
    for (const limit of [1, 7, 53, 1_000]) {
      assert.deepEqual(ids(await all(other, { operation }, limit)), ids(claims), `by ${limit}`);
    }
  },

  'answers the same page again for the same cursor': async ({
    stores: [one, other],
    claim,
    operation,
  }) => {
    const claims = Array.from({ length: 12 }, () => claim());
    for (const mine of claims) await acquire(one, mine);
    let cursor: string | undefined;
    do {
      const query = { operation, limit: 5, cursor };
      const page = await one.list(query);
      for (const store of [one, other]) {
        assert.deepEqual(ids((await store.list(query)).records), ids(page.records));
      }
      cursor = page.cursor;
    } while (cursor !== undefined);
  },

  'loses and repeats no record while others come, go and change': async ({
    stores: [one, other],
    claim,
    operation,
  }) => {
    const staying = Array.from({ length: 30 }, () => claim());
    const leaving = Array.from({ length: 30 }, () => claim());
    for (const [at, mine] of staying.entries()) {
      await acquire(one, mine);
      await acquire(one, leaving[at]!);
    }
    const records = await all(one, { operation }, 4, async (page) => {
      await acquire(other, claim());
      const gone = leaving[page - 1];
      if (gone !== undefined) await other.delete(gone.id);
      const changed = staying[page - 1];
      if (changed !== undefined) {
        done(await other.complete(changed.id, changed.token, outcome('meanwhile')));
      }
    });
    const seen = ids(records);
    assert.equal(new Set(seen).size, seen.length, 'no record is repeated');
    for (const { id } of staying) assert.ok(seen.includes(id), 'a record that stayed was lost');
  },
});
