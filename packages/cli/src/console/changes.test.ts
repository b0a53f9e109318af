import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIdempotency, type IdempotencyRecord } from '@twiceproof/core';
import { expect, onTestFinished, test } from 'vitest';
import { signIn } from '../../test/console-client.ts';
import { type Served, served } from '../../test/served-console.ts';
import { openAuditLog } from './audit-log.ts';

async function executed({ idempotency }: Served, key: string): Promise<IdempotencyRecord> {
  await idempotency.execute({ operation: 'charge', key }, () => ({ paid: key }));
  return find(idempotency, key);
}

async function failed({ idempotency }: Served, key: string): Promise<IdempotencyRecord> {
  const work = () => Promise.reject(new Error('gateway is down'));
  await idempotency.execute({ operation: 'charge', key }, work).catch(() => {});
  return find(idempotency, key);
}

async function find({ records }: Served['idempotency'], key: string): Promise<IdempotencyRecord> {
  return (await records.list({ text: key })).records[0]!;
}

test('release lets completed work run again', async () => {
  const console_ = await served();
  const { id, version } = await executed(console_, 'p-1');
  const client = await signIn(console_.running);
  const reply = await client.post('/api/release', { id, version, reason: 'wrong amount' });
  expect(reply).toMatchObject({
    status: 200,
    body: {
      record: { status: 'failed', lastError: { name: 'Released', message: 'wrong amount' } },
    },
  });
  const key = { operation: 'charge', key: 'p-1' };
  const again = await console_.idempotency.execute(key, () => 'again');
  expect(again).toMatchObject({ outcome: 'executed', value: 'again' });
});

test('complete notes a JSON value, or none, as what later calls get', async () => {
  const console_ = await served();
  const client = await signIn(console_.running);
  const some = await failed(console_, 'p-1');
  const none = await failed(console_, 'p-2');
  const reason = 'paid by hand';
  for (const [{ id, version }, value] of [
    [some, '{"paid":"by hand"}'],
    [none, ' '],
  ] as const) {
    const reply = await client.post('/api/complete', { id, version, value, reason });
    expect(reply).toMatchObject({ status: 200, body: { record: { status: 'completed' } } });
  }
  const { records } = console_.idempotency;
  expect(await records.result(some.id)).toEqual({ paid: 'by hand' });
  expect(await records.result(none.id)).toBeUndefined();
});

test('a value that is no JSON, or would be noted as another, is refused', async () => {
  const console_ = await served();
  const client = await signIn(console_.running);
  const { id, version } = await failed(console_, 'p-1');
  for (const value of ['{paid: 1}', '12345678901234567890', '[1e999]', 'undefined']) {
    const reply = await client.post('/api/complete', { id, version, value, reason: 'why' });
    expect(reply, value).toMatchObject({ status: 400, body: { code: 'INVALID' } });
  }
  expect((await console_.idempotency.records.get(id))?.version).toBe(version);
});

test('extend keeps a record longer, or until someone deletes it', async () => {
  const console_ = await served();
  const client = await signIn(console_.running);
  const { id, version, expiresAt } = await executed(console_, 'p-1');
  const longer = await client.post('/api/extend', { id, version, retention: '30d', reason: 'why' });
  expect(longer.body.record.expiresAt).toBeGreaterThan(expiresAt! + 28 * 86_400_000);
  const { version: next } = longer.body.record;
  const forever = { id, version: next, retention: false, reason: 'why' };
  expect((await client.post('/api/extend', forever)).body.record).not.toHaveProperty('expiresAt');
  const wrong = await client.post('/api/extend', { ...forever, retention: 'a week' });
  expect(wrong).toMatchObject({ status: 400, body: { code: 'INVALID' } });
  expect(wrong.body.message).toContain("'7d'");
});

test('delete removes the record', async () => {
  const console_ = await served();
  const client = await signIn(console_.running);
  const { id, version } = await executed(console_, 'p-1');
  const reply = await client.post('/api/delete', { id, version, reason: 'test data' });
  expect(reply.status).toBe(200);
  expect(reply.body).not.toHaveProperty('record');
  expect(await console_.idempotency.records.get(id)).toBeUndefined();
});

test('of two operators who act on what they both saw, the second one is told and changes nothing', async () => {
  const console_ = await served();
  const [ada, bob] = [await signIn(console_.running, 'ada'), await signIn(console_.running, 'bob')];
  const { id, version } = await executed(console_, 'p-1');
  const first = await ada.post('/api/release', { id, version, reason: 'run it again' });
  expect(first.status).toBe(200);
  for (const action of ['release', 'complete', 'delete', 'extend']) {
    const body = { id, version, value: '2', retention: '7d', reason: 'it is done' };
    const second = await bob.post(`/api/${action}`, body);
    expect(second).toMatchObject({
      status: 409,
      body: { code: 'CHANGED', record: { status: 'failed', version: first.body.record.version } },
    });
    expect(second.body.message).toContain('somebody else changed the record');
  }
  expect(console_.audited.at(-1)).toMatchObject({
    by: 'bob',
    action: 'extend',
    outcome: 'changed',
  });
});

test('of two operators who act at once, one succeeds', async () => {
  const console_ = await served();
  const clients = [await signIn(console_.running), await signIn(console_.running)];
  for (let n = 0; n < 20; n += 1) {
    const { id, version } = await executed(console_, `p-${n}`);
    const body = { id, version, reason: 'why' };
    const replies = await Promise.all(clients.map((client) => client.post('/api/delete', body)));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 404]);
  }
});

test('what somebody executes is not released, and who tries is told when to come back', async () => {
  const console_ = await served();
  const client = await signIn(console_.running);
  const work = Promise.withResolvers<string>();
  const key = { operation: 'charge', key: 'p-1' };
  const executing = console_.idempotency.execute(key, () => work.promise);
  await expect.poll(() => find(console_.idempotency, 'p-1')).toBeDefined();
  const { id, version } = await find(console_.idempotency, 'p-1');
  const reply = await client.post('/api/release', { id, version, reason: 'why' });
  expect(reply).toMatchObject({
    status: 409,
    body: { code: 'EXECUTING', record: { status: 'in_progress' } },
  });
  expect(reply.body.message).toContain('being executed right now');
  work.resolve('done');
  expect(await executing).toMatchObject({ outcome: 'executed', value: 'done' });
});

test('no change is made without id, version and reason', async () => {
  const console_ = await served();
  const client = await signIn(console_.running);
  const { id, version } = await executed(console_, 'p-1');
  const complete = { id, version, reason: 'why' };
  for (const name of ['id', 'version', 'reason'] as const) {
    for (const value of [undefined, '', ' ', 7]) {
      const reply = await client.post('/api/delete', { ...complete, [name]: value });
      expect(reply, name).toMatchObject({ status: 400, body: { code: 'INVALID' } });
    }
  }
  const long = await client.post('/api/delete', { ...complete, reason: 'x'.repeat(501) });
  expect(long.body.message).toContain('at most 500');
  expect(await console_.idempotency.records.get(id)).toBeDefined();
});

test('instrumentation hears who did it, and why', async () => {
  const heard: unknown[] = [];
  const base = await served();
  const idempotency = createIdempotency({
    environment: 'prod',
    store: base.store,
    instrumentation: {
      execute: (_call, next) => next(),
      operatorAction: (info) => heard.push(info),
    },
  });
  const console_ = await served({ idempotency, store: base.store });
  const client = await signIn(console_.running, 'grace');
  const { id, version } = await executed(console_, 'p-1');
  await client.post('/api/delete', { id, version, reason: 'test data' });
  const info = { action: 'delete', id, done: true, by: 'grace', reason: 'test data' };
  expect(heard).toEqual([info]);
});

test('the audit log has a line for each sign-in, result and change, on one line each, for its owner alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'twiceproof-audit-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const auditFile = join(folder, 'logs', 'audit.jsonl');
  const console_ = await served({ auditFile });
  const client = await signIn(console_.running);
  const { id, version } = await executed(console_, 'p-1');
  await client.post('/api/result', { id });
  const reason = 'line\nbreak \u202e \u001b[31m';
  await client.post('/api/delete', { id, version, reason });
  await client.post('/api/delete', { id, version, reason: 'once more' });
  const text = readFileSync(auditFile, 'utf8');
  for (const unseen of ['\u202e', '\u001b']) expect(text).not.toContain(unseen);
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { by: 'ada', action: 'sign-in', outcome: 'done' },
    { by: 'ada', action: 'result', recordId: id, outcome: 'done' },
    { by: 'ada', action: 'delete', recordId: id, version, reason, outcome: 'done' },
    { by: 'ada', action: 'delete', recordId: id, version, reason: 'once more', outcome: 'changed' },
  ]);
  for (const { at } of lines) expect(new Date(at).toISOString()).toBe(at);
  expect(statSync(auditFile).mode & 0o077).toBe(0);
});

test('an audit log that cannot be written keeps the console from starting', async () => {
  const auditFile = join(import.meta.filename, 'audit.jsonl');
  await expect(served({ auditFile })).rejects.toThrow(
    `the audit log ${auditFile} cannot be written`,
  );
});

test('when the audit log cannot be written any more, nothing is done until it can', () => {
  const told: string[] = [];
  const log = openAuditLog('/dev/full', (_entry, line) => told.push(line));
  log.check();
  log.note({ by: 'ada', action: 'release', recordId: 'a', outcome: 'done' });
  expect(told).toHaveLength(1);
  expect(() => log.check()).toThrow('Nothing was done, because the audit log cannot be written');
  log.close();
});
