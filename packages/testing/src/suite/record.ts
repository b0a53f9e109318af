import assert from 'node:assert/strict';
import { RECORD_FORMAT } from '@twiceproof/core';
import { acquire, done, existing, read } from './answers.ts';
import { failure, outcome } from './endings.ts';
import { assertSameRecord, changesNothing } from './snapshot.ts';
import { type StoreSpec, specs } from './store-spec.ts';

const oddTexts = [
  'ordinary/charge-payment/0/abc',
  'UPPER/lower',
  'upper/LOWER',
  'space and\ttab',
  'a%2Fb%25',
  'a:b:c{d}[e]*?',
  `quotes ' " \` \\ ; -- $1 $$`,
  'newline\nand\r\nmore',
  'ünïcödé 鍵 🔑',
  '{"json":[1,null]}',
  'null',
  '__proto__',
  '%_like_%',
  'x'.repeat(700),
];

export const recordSpecs: readonly StoreSpec[] = specs('record', {
  'keeps ids with odd characters apart': async ({ stores: [one, other], claim, operation }) => {
    const claims = oddTexts.map((text) => claim({ id: `${operation}/${text}` }));
    for (const mine of claims) await acquire(one, mine);
    for (const mine of claims) {
      const record = await read(other, mine.id);
      assert.equal(record.id, mine.id);
      assert.equal(record.token, mine.token);
    }
    for (const mine of claims) {
      assert.equal(await other.delete(mine.id), true);
      assert.equal(await one.get(mine.id), undefined);
    }
  },

  'keeps everything that the claim says about the work': async ({
    stores: [one, other],
    claim,
  }) => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    for (const text of oddTexts) {
      const mine = claim({
        environment: `conformance ${text}`.slice(0, 60),
        run: 3,
        scope: text,
        fingerprint: text,
        workflow: text,
        inputDigest: text,
        keyPreview: text,
        inputPreview: text,
        traceparent,
      });
      await acquire(one, mine);
      const record = await read(other, mine.id);
      for (const name of [
        'environment',
        'operation',
        'run',
        'scope',
        'fingerprint',
        'workflow',
        'inputDigest',
        'keyPreview',
        'inputPreview',
        'traceparent',
        'formatVersion',
      ] as const) {
        assert.equal(record[name], mine[name], name);
      }
      done(await one.complete(mine.id, mine.token, outcome('done')));
      const completed = await read(other, mine.id);
      assert.equal(completed.scope, text);
      assert.equal(completed.keyPreview, text);
      assert.equal(completed.inputPreview, text);
      assert.equal(completed.fingerprint, text);
      assert.equal(completed.workflow, text);
      assert.equal(completed.inputDigest, text);
      await one.delete(mine.id);
    }
  },

  'leaves out what the claim does not say': async ({ stores: [store], claim }) => {
    const record = await acquire(store, claim());
    const kept = await read(store, record.id);
    for (const name of [
      'scope',
      'fingerprint',
      'workflow',
      'inputDigest',
      'keyPreview',
      'inputPreview',
      'traceparent',
      'lastError',
      'settledBy',
      'outcome',
      'outcomeBytes',
      'completedAt',
    ] as const) {
      assert.equal(kept[name], undefined, name);
    }
  },

  'takes the traceparent of the executing span when it is settled': async ({
    stores: [store],
    claim,
    rival,
  }) => {
    const ofCall = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
    const ofRun = `00-${'3'.repeat(32)}-${'4'.repeat(16)}-01`;
    const mine = claim({ traceparent: ofCall });
    await acquire(store, mine);
    done(await store.release(mine.id, mine.token, failure('again', { traceparent: ofRun })));
    assert.equal((await read(store, mine.id)).traceparent, ofRun);
    const next = rival(mine);
    assert.equal((await acquire(store, next)).traceparent, ofCall);
    done(await store.complete(mine.id, next.token, outcome('done', { traceparent: ofRun })));
    assert.equal((await read(store, mine.id)).traceparent, ofRun);
  },

  'keeps who settled it, and why, until it is claimed again': async ({
    stores: [one, other],
    claim,
    rival,
  }) => {
    for (const settledBy of [
      { by: 'ada', reason: oddTexts.join('\n') },
      { by: 'prôbe' },
      { by: '', reason: '' },
    ]) {
      const mine = claim();
      await acquire(one, mine);
      const released = await one.release(mine.id, mine.token, failure('undone', { settledBy }));
      assertSameRecord(await read(other, mine.id), done(released), 'answered as kept');
      const found = (await read(other, mine.id)).settledBy;
      assert.deepEqual(found && { by: found.by, ...withReason(found.reason) }, settledBy);
      const next = rival(mine);
      assert.equal((await acquire(one, next)).settledBy, undefined);
      assert.equal((await read(other, mine.id)).settledBy, undefined);
      const lastError = { name: 'Error', message: 'recorded' };
      const ended = outcome('done', { settledBy, lastError });
      const completed = done(await one.complete(mine.id, next.token, ended));
      for (const record of [completed, await read(other, mine.id)]) {
        assert.equal(record.settledBy?.by, settledBy.by);
        assert.equal(record.settledBy?.reason, settledBy.reason);
        assert.deepEqual({ ...record.lastError }, lastError);
      }
    }
  },

  'keeps odd characters of an error': async ({ stores: [store], claim }) => {
    const mine = claim();
    await acquire(store, mine);
    const error = { name: 'Ünerwartet', message: oddTexts.join('\n') };
    done(await store.release(mine.id, mine.token, failure('', { error })));
    assert.deepEqual({ ...(await read(store, mine.id)).lastError }, error);
  },

  'of a future format passes through untouched': async ({ stores: [one, other], claim, rival }) => {
    const formatVersion = RECORD_FORMAT + 41;
    const mine = claim({ formatVersion });
    await acquire(one, mine);
    assert.equal((await read(one, mine.id)).formatVersion, formatVersion);
    const record = done(await one.complete(mine.id, mine.token, outcome('from the future')));
    const older = rival(mine, { formatVersion: RECORD_FORMAT });
    const answer = await changesNothing(one, mine.id, () => other.acquire(older));
    assert.equal(existing(answer).formatVersion, formatVersion);
    const { outcome: _, ...answered } = existing(answer);
    assertSameRecord(answered, { ...record, outcome: undefined }, 'nothing of it was touched');
  },
});

function withReason(reason: string | undefined): { reason?: string } {
  return reason === undefined ? {} : { reason };
}
