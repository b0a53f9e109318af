import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BulkJob } from '@twiceproof/console/wire';
import { createIdempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { expect, onTestFinished, test } from 'vitest';
import { count, ended, execute, states, troubles, untouched } from '../../../test/bulk-console.ts';
import { type Reply, signIn } from '../../../test/console-client.ts';
import { served } from '../../../test/served-console.ts';
import { openAuditLog } from '../audit-log.ts';
import { createBulkJobs } from './bulk-jobs.ts';

/** A console whose store stops before the extension of the tenth record, until it is let go on. */
async function slowConsole() {
  const store = memoryStore();
  const reached = Promise.withResolvers<void>();
  const letGoOn = Promise.withResolvers<void>();
  let extended = 0;
  const extend: typeof store.extend = async (...request) => {
    if (++extended >= 10) {
      reached.resolve();
      await letGoOn.promise;
    }
    return store.extend!(...request);
  };
  // On a busy machine the test takes longer than a store may.
  const slow = { ...store, extend };
  const idempotency = createIdempotency({ environment: 'prod', store: slow, storeTimeout: '10m' });
  const console_ = await served({ store: slow, idempotency });
  for (let n = 0; n < 120; n += 1) await execute(console_, `p-${n}`);
  const client = await signIn(console_.running);
  const { order } = await count(client, 'extend', { state: 'completed' });
  const started = await client.post('/api/bulk/start', { ...order, retention: '30d' });
  await reached.promise;
  return {
    ...console_,
    client,
    order,
    job: started.body.job as BulkJob,
    letGoOn,
    extended: () => extended,
  };
}

test('one action is under way at a time: who wants another is told by whom, and how far it is', async () => {
  const { running, client, order, audited, letGoOn } = await slowConsole();
  const bob = await signIn(running, 'bob');
  const { order: other } = await count(bob, 'release', { state: 'completed' });
  const reply = await bob.post('/api/bulk/start', other);
  expect(reply).toMatchObject({ status: 409, body: { code: 'BUSY' } });
  expect(reply.body.message).toMatch(/ada extends records right now, \d+ of 120 so far/);
  expect(audited.at(-1)).toMatchObject({ by: 'bob', action: 'release', outcome: 'refused' });
  expect((await bob.get('/api/bulk')).body.job).toMatchObject({ by: 'ada', count: 120 });
  letGoOn.resolve();
  expect(await ended(client)).toMatchObject({ phase: 'done', verdicts: { changed: 120 } });
  const again = await client.post('/api/bulk/start', { ...order, retention: '30d' });
  expect(again).toMatchObject({ status: 200 });
  await ended(client);
});

test('it can be stopped: what is under way is ended, no more is begun, and the log says who stopped it', async () => {
  const { running, client, job, audited, letGoOn, extended } = await slowConsole();
  const bob = await signIn(running, 'bob');
  const stopped = await bob.post('/api/bulk/stop', { id: job.id });
  expect(stopped).toMatchObject({ status: 200, body: { job: { phase: 'stopping' } } });
  letGoOn.resolve();
  const end = await ended(client);
  expect(end).toMatchObject({ phase: 'stopped', matched: extended() });
  expect(extended()).toBeLessThan(20);
  expect(audited.at(-1)).toMatchObject({
    by: 'ada',
    action: 'extend',
    job: job.id,
    outcome: 'stopped',
    detail: 'stopped by bob',
    counts: { counted: 120, changed: extended() },
  });
  const late = await bob.post('/api/bulk/stop', { id: job.id });
  expect(late).toMatchObject({ status: 404, body: { code: 'GONE' } });
});

test('it ends with the console', async () => {
  const { running, audited, letGoOn, extended, idempotency } = await slowConsole();
  const closed = running.close();
  letGoOn.resolve();
  await closed;
  expect(extended()).toBeLessThan(20);
  expect(audited.at(-1)).toMatchObject({ outcome: 'stopped', detail: 'the console was stopped' });
  const changed = audited.filter(({ recordId }) => recordId !== undefined);
  expect(changed).toHaveLength(extended());
  expect((await idempotency.records.list({ limit: 1 })).records).toHaveLength(1);
});

test('a fault of the store ends it, and is told', async () => {
  const store = memoryStore();
  let isDown = false;
  const list: typeof store.list = (query) =>
    isDown ? Promise.reject(new Error('connection lost')) : store.list(query);
  const console_ = await served({ store: { ...store, list } });
  await execute(console_, 'p-1');
  const client = await signIn(console_.running);
  const { order } = await count(client, 'release', { state: 'completed' });
  isDown = true;
  await client.post('/api/bulk/start', order);
  expect(await ended(client)).toMatchObject({
    phase: 'failed',
    problem: expect.stringContaining('connection lost'),
  });
  expect(console_.audited.at(-1)).toMatchObject({ action: 'release', outcome: 'failed' });
});

test('read-only, nothing is begun and the attempt is noted', async () => {
  const console_ = await troubles({ readOnly: true });
  const client = await signIn(console_.running);
  const { order } = await count(client, 'release', { state: 'stuck' });
  for (const action of ['release', 'extend', 'reconcile', 'delete']) {
    const reply = await client.post('/api/bulk/start', { ...order, action, retention: '7d' });
    expect(reply).toMatchObject({ status: 403, body: { code: 'READ_ONLY' } });
    expect(console_.audited.at(-1)).toMatchObject({ action, by: 'ada', outcome: 'refused' });
  }
  expect(await client.post('/api/bulk/stop', { id: 'x' })).toMatchObject({ status: 403 });
  expect(await states(console_)).toEqual(untouched);
});

test('without the CSRF token, or from another page, nothing is begun, stopped or counted', async () => {
  const console_ = await troubles();
  const client = await signIn(console_.running);
  const { order } = await count(client, 'release', { state: 'stuck' });
  const wrong = { 'x-twiceproof-csrf': 'guessed' };
  const foreign = { origin: 'https://evil.example' };
  const replies: Reply[] = [];
  for (const path of ['/api/bulk/start', '/api/bulk/stop']) {
    replies.push(await client.post(path, order, wrong), await client.post(path, order, foreign));
  }
  for (const path of ['/api/bulk', '/api/bulk/count?action=release&state=stuck']) {
    replies.push(await client.get(path, wrong), await client.get(path, foreign));
  }
  expect(replies.map(({ status }) => status)).toEqual([401, 403, 401, 403, 401, 403, 401, 403]);
  expect(await states(console_)).toEqual(untouched);
  expect(console_.audited.map(({ action }) => action)).toEqual(['sign-in']);
});

test('what makes no sense is refused with what to give instead', async () => {
  const console_ = await troubles();
  const client = await signIn(console_.running);
  const { order } = await count(client, 'release', { state: 'stuck' });
  for (const [change, words] of [
    [{ action: 'complete' }, 'release, extend, reconcile and delete'],
    [{ filter: {} }, 'Say which records'],
    [{ filter: { environment: 'prod' } }, 'Say which records'],
    [{ filter: { operation: '' } }, 'Say which records'],
    [{ filter: { state: 'stuck', oparation: 'charge' } }, 'not known: oparation'],
    [{ filter: { state: 'stuck', limit: '5' } }, 'not known: limit'],
    [{ filter: { state: 'executing' } }, 'nothing to release in this state'],
    [{ filter: null }, 'filter'],
    [{ action: 'extend', filter: { state: 'held' }, retention: '7d' }, 'nothing to extend'],
    [{ action: 'extend', filter: { state: 'failed' } }, 'retention'],
    [{ action: 'extend', filter: { state: 'failed' }, retention: 'a week' }, "'7d'"],
    [{ reason: ' ' }, 'reason'],
    [{ until: undefined }, 'until'],
    [{ at: '5' }, 'at'],
  ] as const) {
    const reply = await client.post('/api/bulk/start', { ...order, ...change });
    expect(reply, JSON.stringify(change)).toMatchObject({ status: 400, body: { code: 'INVALID' } });
    expect(reply.body.message).toContain(words);
  }
  expect(await states(console_)).toEqual(untouched);
});

test('when the audit log cannot be written, no further record is changed', async () => {
  const console_ = await served();
  for (let n = 0; n < 30; n += 1) await execute(console_, `p-${n}`);
  const folder = await mkdtemp(join(tmpdir(), 'twiceproof-bulk-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const log = openAuditLog(join(folder, 'audit.jsonl'), () => {});
  let isFull = false;
  const audit = {
    ...log,
    check() {
      if (isFull) throw new Error('no space left on device');
      log.check();
    },
    note(entry: Parameters<typeof log.note>[0]) {
      log.note(entry);
      if (entry.recordId !== undefined) isFull = true;
    },
  };
  const jobs = createBulkJobs(console_.idempotency.records, audit, () => {});
  jobs.start({
    ...{ action: 'release', filter: {}, by: 'ada', reason: 'OPS-1', count: 30 },
    selection: { filter: {}, only: () => true },
    work: (records, _selection, { check, onRecord }) =>
      records.releaseAll(
        {},
        {
          only: () => {
            check();
            return true;
          },
          onRecord: (record) => onRecord(record, 'changed'),
        },
      ),
  });
  await expect.poll(() => jobs.current()?.phase).toBe('failed');
  log.close();
  const lines = (await readFile(join(folder, 'audit.jsonl'), 'utf8')).trimEnd().split('\n');
  const released = Object.values(await states(console_)).filter((state) => state === 'failed');
  expect(released.length).toBeLessThan(17);
  // One when it was started, one for each record, and one at its end.
  expect(lines).toHaveLength(released.length + 2);
});
