import { createIdempotency, outcomeUnknown } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { expect, test } from 'vitest';
import { type ConsoleClient, signIn } from '../../test/console-client.ts';
import { type Served, served } from '../../test/served-console.ts';

type Key = string | number | readonly (string | number)[];

async function execute({ idempotency }: Served, operation: string, key: Key, result?: unknown) {
  await idempotency.execute({ operation, key }, () => result);
}

async function fail({ idempotency }: Served, operation: string, key: Key) {
  const work = () => Promise.reject(new Error('gateway is down'));
  await idempotency.execute({ operation, key }, work).catch(() => {});
}

/** An attempt that nobody settles; `leaseMs` later it is stuck, or held. */
async function abandon(
  { store }: Served,
  operation: string,
  digest: string,
  leaseMs: number,
  abandoned: 'reexecute' | 'hold' = 'reexecute',
) {
  await store.acquire({
    id: `prod/${operation}/0/${digest}`,
    environment: 'prod',
    operation,
    run: 0,
    token: digest,
    leaseMs,
    retentionMs: abandoned === 'hold' ? null : 3_600_000,
    keyPreview: digest,
    abandoned,
    formatVersion: 1,
  });
}

async function keys(client: ConsoleClient, query: string): Promise<readonly string[]> {
  const { body } = await client.get(`/api/records?${query}`);
  return body.records.map((record: { keyPreview: string }) => record.keyPreview).sort();
}

async function someRecords(): Promise<Served> {
  const console_ = await served();
  await execute(console_, 'charge', 'p-1');
  await execute(console_, 'charge', 'p-2');
  await fail(console_, 'charge', 'p-3');
  const silent = () => Promise.reject(outcomeUnknown(new Error('no answer')));
  await console_.idempotency.execute({ operation: 'refund', key: 'lost' }, silent).catch(() => {});
  await abandon(console_, 'ship', 'busy', 600_000);
  await abandon(console_, 'ship', 'crashed', 1);
  await abandon(console_, 'ship', 'held', 1, 'hold');
  const staging = createIdempotency({ environment: 'staging', store: console_.store });
  await staging.execute({ operation: 'charge', key: 'p-1', scope: 'acme', run: 2 }, () => 1);
  await expect
    .poll(async () => (await console_.store.list({ stuck: true, limit: 9 })).records)
    .toHaveLength(3);
  return console_;
}

test('records are listed by every filter, those that execute without those that are unknown, held or stuck', async () => {
  const client = await signIn((await someRecords()).running);
  expect(await keys(client, '')).toEqual([
    ...['busy', 'crashed', 'held', 'lost'],
    ...['p-1', 'p-1', 'p-2', 'p-3'],
  ]);
  expect(await keys(client, 'environment=prod')).toHaveLength(7);
  expect(await keys(client, 'environment=staging')).toEqual(['p-1']);
  expect(await keys(client, 'operation=ship')).toEqual(['busy', 'crashed', 'held']);
  expect(await keys(client, 'state=executing')).toEqual(['busy']);
  expect(await keys(client, 'state=unknown')).toEqual(['lost']);
  expect(await keys(client, 'state=stuck')).toEqual(['crashed']);
  expect(await keys(client, 'state=held')).toEqual(['held']);
  expect(await keys(client, 'state=failed')).toEqual(['p-3']);
  expect(await keys(client, 'state=completed&environment=prod')).toEqual(['p-1', 'p-2']);
  expect(await keys(client, 'scope=acme&run=2')).toEqual(['p-1']);
  expect(await keys(client, 'text=P-2')).toEqual(['p-2']);
  expect(await keys(client, 'idPrefix=prod%2Fship%2F')).toEqual(['busy', 'crashed', 'held']);
  expect(await keys(client, 'newer=1h')).toHaveLength(8);
  expect(await keys(client, 'older=1h')).toEqual([]);
});

test('a filter that makes no sense is refused with what to give instead', async () => {
  const { running } = await served();
  const client = await signIn(running);
  for (const [query, words] of [
    ['state=done', 'executing, unknown, held, stuck, completed and failed'],
    ['run=-1', 'whole number'],
    ['newer=yesterday', "'7d'"],
    ['limit=0', '1 to 1000'],
    ['cursor=nonsense', 'cursor'],
  ]) {
    const reply = await client.get(`/api/records?${query}`);
    expect(reply, query).toMatchObject({ status: 400, body: { code: 'INVALID' } });
    expect(reply.body.message).toContain(words);
  }
});

test('records come without token, outcome or result', async () => {
  const console_ = await served();
  await execute(console_, 'charge', 'p-1', { secret: 'swordfish' });
  const client = await signIn(console_.running);
  const { text, body } = await client.get('/api/records');
  expect(text).not.toContain('swordfish');
  const [record] = body.records;
  expect(record).not.toHaveProperty('token');
  expect(record).not.toHaveProperty('outcome');
  expect(record.outcomeBytes).toBeGreaterThan(10);
  const one = await client.get(`/api/record?id=${encodeURIComponent(record.id)}`);
  expect(one.text).not.toContain('swordfish');
  expect(one.body.record).toEqual(record);
});

test('a list goes on where its page ended', async () => {
  const console_ = await served();
  for (let n = 0; n < 25; n += 1) await execute(console_, 'charge', `p-${n}`);
  const client = await signIn(console_.running);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ limit: '10', ...(cursor && { cursor }) });
    const { body } = await client.get(`/api/records?${query}`);
    seen.push(...body.records.map(({ id }: { id: string }) => id));
    cursor = body.cursor;
  } while (cursor);
  expect(new Set(seen).size).toBe(25);
});

test('the overview tells by operation what executes, is unknown, is held, is stuck, failed and completed', async () => {
  const console_ = await someRecords();
  const client = await signIn(console_.running);
  const { body } = await client.get('/api/overview?environment=prod');
  expect(body.isPartial).toBe(false);
  const none = { executing: 0, unknown: 0, held: 0, stuck: 0, completed: 0, failed: 0 };
  expect(body.operations).toEqual([
    { operation: 'charge', ...none, completed: 2, failed: 1 },
    { operation: 'refund', ...none, unknown: 1 },
    { operation: 'ship', ...none, executing: 1, held: 1, stuck: 1 },
  ]);
  const all = await client.get('/api/overview');
  expect(all.body.operations[0].completed).toBe(3);
});

test('a store that cannot count is read for the overview, in part at first and whole when asked', async () => {
  const { stats: _stats, ...store } = memoryStore();
  const console_ = await served({ store });
  for (let n = 0; n < 6_500; n += 1) await execute(console_, 'charge', n);
  const client = await signIn(console_.running);
  const count = async (query: string) => (await client.get(`/api/overview${query}`)).body;
  expect(await count('')).toMatchObject({ isPartial: true, operations: [{ completed: 5_000 }] });
  await count('?whole=1');
  await expect
    .poll(() => count(''))
    .toMatchObject({ isPartial: false, operations: [{ completed: 6_500 }] });
});

test('the overview is not counted for every request', async () => {
  const store = memoryStore();
  let counted = 0;
  const stats: typeof store.stats = (...args) => {
    counted += 1;
    return store.stats!(...args);
  };
  const { running } = await served({ store: { ...store, stats } });
  const client = await signIn(running);
  for (let n = 0; n < 10; n += 1) await client.get('/api/overview');
  // One count of all, and one of those of unknown outcome.
  expect(counted).toBe(2);
});

test('a whole business key finds its records without reading others', async () => {
  const store = memoryStore();
  const list: typeof store.list = () => Promise.reject(new Error('nobody may list'));
  const idempotency = createIdempotency({ environment: 'prod', store: { ...store, list } });
  const console_ = await served({ idempotency, store, environment: 'prod' });
  await execute(console_, 'charge', 'p-1');
  await execute(console_, 'charge', 'p-10');
  await execute(console_, 'mail', ['u-1', 7]);
  await execute(console_, 'mail', 42);
  const client = await signIn(console_.running);
  const find = async (text: string, more = {}) => {
    const { body } = await client.get(`/api/find?${new URLSearchParams({ text, ...more })}`);
    return body.records.map((record: { keyPreview: string }) => record.keyPreview);
  };
  expect(await find('p-1', { environment: 'prod' })).toEqual(['p-1']);
  expect(await find('p-1')).toEqual(['p-1']);
  expect(await find('p-1', { operation: 'mail' })).toEqual([]);
  expect(await find('["u-1", 7]')).toHaveLength(1);
  expect(await find('42')).toHaveLength(1);
  expect(await find('p')).toEqual([]);
  const [{ id }] = (await client.get('/api/find?text=p-1')).body.records;
  expect(await find(id)).toEqual(['p-1']);
});

test('a record that is not there is told to be gone', async () => {
  const { running } = await served();
  const client = await signIn(running);
  const reply = await client.get(`/api/record?id=prod%2Fcharge%2F0%2F${'A'.repeat(43)}`);
  expect(reply).toMatchObject({ status: 404, body: { code: 'GONE' } });
});

test('links to telemetry are made of templates, and left out where the record lacks a part', async () => {
  const links = {
    Jaeger: 'https://jaeger.example.com/trace/{traceId}',
    Logs: 'https://grafana.example.com/explore?id={recordId}&operation={operation}',
  };
  const console_ = await served({ links });
  await execute(console_, 'charge card', 'p-1');
  const client = await signIn(console_.running);
  const [{ id }] = (await client.get('/api/records')).body.records;
  const { body } = await client.get(`/api/record?id=${encodeURIComponent(id)}`);
  const url = `https://grafana.example.com/explore?id=${encodeURIComponent(id)}&operation=charge%20card`;
  expect(body.links).toEqual([{ label: 'Logs', url }]);
});

test('a result is decoded when asked for, as text, with the types that it has', async () => {
  const console_ = await served();
  const result = { paid: 10n, at: new Date(0), tags: new Set(['<script>']) };
  await execute(console_, 'charge', 'p-1', result);
  const client = await signIn(console_.running);
  const [{ id }] = (await client.get('/api/records')).body.records;
  const { body } = await client.post('/api/result', { id });
  expect(body).toEqual({
    kind: 'value',
    text: "{\n  paid: 10n,\n  at: 1970-01-01T00:00:00.000Z,\n  tags: Set(1) { '<script>' }\n}",
  });
});

test('a huge result is cut', async () => {
  const console_ = await served();
  await execute(console_, 'charge', 'p-1', 'x'.repeat(300_000));
  const client = await signIn(console_.running);
  const [{ id }] = (await client.get('/api/records')).body.records;
  const { body } = await client.post('/api/result', { id });
  expect(body.text.length).toBeLessThanOrEqual(262_144);
  expect(body.cutFrom).toBeGreaterThan(262_144);
});

test('a recorded error is told without its stack', async () => {
  const console_ = await served();
  const error = Object.assign(new TypeError('declined'), { code: 'E_CARD' });
  await console_.idempotency
    .execute({ operation: 'charge', key: 'p-1', failure: 'record' }, () => Promise.reject(error))
    .catch(() => {});
  const client = await signIn(console_.running);
  const [{ id }] = (await client.get('/api/records')).body.records;
  const { body } = await client.post('/api/result', { id });
  expect(body).toMatchObject({ kind: 'error' });
  expect(body.text).toMatch(/^TypeError: declined/);
  expect(body.text).toContain('E_CARD');
  expect(body.text).not.toContain('reading.test');
});

test('a record that holds no result says so', async () => {
  const console_ = await served();
  await fail(console_, 'charge', 'p-1');
  const client = await signIn(console_.running);
  const [{ id }] = (await client.get('/api/records')).body.records;
  expect(await client.post('/api/result', { id })).toMatchObject({ status: 400 });
});
