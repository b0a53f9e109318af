import { type Claim, type Store, tiered } from '@twiceproof/core';
import { commandsSent, startPostgres, startRedis } from '@twiceproof/engines';
import { memoryStore } from '@twiceproof/memory';
import { postgresStore } from '@twiceproof/postgres';
import { redisStore } from '@twiceproof/redis';
import { newClaim, rivalOf } from '@twiceproof/testing';
import { Redis } from 'ioredis';
import { type Client, Pool } from 'pg';
import { expect, onTestFinished, test } from 'vitest';

const done = { bytes: new Uint8Array([1, 2, 3]), retentionMs: 60_000 };
const manyClaims = () => Array.from({ length: 64 }, () => newClaim());

/** What came of each: its status, or the code of its error. */
function answersOf(asked: readonly Promise<{ readonly status: string }>[]): Promise<string[]> {
  return Promise.all(
    asked.map((each) =>
      each.then(
        ({ status }) => status,
        (error) => error.code ?? String(error),
      ),
    ),
  );
}

/** Completed records are in memory from here on. */
async function areCopied(fast: Store, claims: readonly Claim[]): Promise<void> {
  await expect
    .poll(async () => Promise.all(claims.map(async ({ id }) => (await fast.get(id))?.status)), {
      timeout: 60_000,
    })
    .toEqual(claims.map(() => 'completed'));
}

test('of 64 keys of memory before Postgres, a locked, an oversized, a corrupt and a mistyped one keep none of the others waiting', async () => {
  const engine = await startPostgres({ version: 18 });
  const pool = new Pool({ connectionString: engine.url, max: 10 });
  // The server ends connections that the pool still closes.
  pool.on('error', () => {});
  onTestFinished(async () => {
    await pool.end();
    await engine.stop();
  });
  let statements = 0;
  const client = new Pool({ connectionString: engine.url, max: 10 });
  client.on('error', () => {});
  client.on('connect', (connection: Client) => {
    const query = connection.query.bind(connection) as (...given: unknown[]) => unknown;
    Object.assign(connection, {
      query(...given: unknown[]) {
        statements += 1;
        return query(...given);
      },
    });
  });
  const schema = `one_of_many_${Math.random().toString(36).slice(2)}`;
  const table = `${schema}.twiceproof_records`;
  // Half of the timeout is how long a locked row is waited for.
  const authority = postgresStore({ client, schema, timeout: '2m' });
  onTestFinished(async () => {
    await authority.close();
    await client.end();
  });
  await authority.setup();
  const fast = memoryStore();
  const store = tiered([fast, authority]);

  const good = Array.from({ length: 60 }, () => newClaim());
  const locked = newClaim({ leaseMs: 1 });
  const corrupt = newClaim();
  const oversized = newClaim({ id: `test/charge/0/${'x'.repeat(3_000)}` });
  const mistyped = newClaim({ run: 2 ** 70 });
  for (const claim of [locked, corrupt]) await authority.acquire(claim);
  await pool.query(`ALTER TABLE ${table} DROP CONSTRAINT twiceproof_records_status_check`);
  await pool.query(`UPDATE ${table} SET status = 'gone' WHERE id = $1`, [corrupt.id]);
  const holder = await pool.connect();
  await holder.query('BEGIN');
  await holder.query(`SELECT 1 FROM ${table} WHERE id = $1 FOR UPDATE`, [locked.id]);
  try {
    statements = 0;
    const waiting = store.acquire(rivalOf(locked, { leaseMs: 60_000 }));
    const rivals = [corrupt, oversized, mistyped].map((claim) => store.acquire(rivalOf(claim)));
    const claimed = good.map((claim) => store.acquire(claim));
    expect(await answersOf([...rivals, ...claimed])).toEqual([
      'RECORD_CORRUPT',
      'OPTIONS_INVALID',
      'OPTIONS_INVALID',
      ...good.map(() => 'acquired'),
    ]);
    // Nothing else unlocks it: had the others waited for it, they would not have been answered.
    await holder.query('COMMIT');
    expect((await waiting).status).toBe('acquired');
    // The claim that all share, a read of the two that were not granted, and the one that waits.
    expect(statements).toBe(3);
  } finally {
    await holder.query('ROLLBACK');
    holder.release();
  }

  statements = 0;
  const settled = good.map(({ id, token }) => store.complete(id, token, done));
  expect(await answersOf(settled)).toEqual(good.map(() => 'done'));
  expect(statements).toBeLessThanOrEqual(2);
  await areCopied(fast, good);
  statements = 0;
  const replayed = [corrupt, ...good].map((claim) => store.acquire(rivalOf(claim)));
  expect(await answersOf(replayed)).toEqual(['RECORD_CORRUPT', ...good.map(() => 'existing')]);
  // Of the one that is not in memory.
  expect(statements).toBe(1);
});

test('of 64 keys of memory before Redis, a held, an oversized, a corrupt and one of a wrong type keep none of the others waiting', async () => {
  const engine = await startRedis({ own: true });
  const client = new Redis(engine.url);
  const observer = new Redis(engine.url);
  onTestFinished(async () => {
    client.disconnect();
    observer.disconnect();
    await engine.stop();
  });
  const maxRecordBytes = 4_000;
  const authority = redisStore({ client, maxRecordBytes });
  const fast = memoryStore();
  const store = tiered([fast, authority]);
  const sent = async (act: () => Promise<unknown>) => (await commandsSent(observer, act)).length;
  const acquire = (claims: readonly Claim[]) =>
    answersOf(claims.map((claim) => store.acquire(claim)));
  const complete = (claims: readonly Claim[]) =>
    answersOf(claims.map(({ id, token }) => store.complete(id, token, done)));
  // The server's clock and its scripts are known from here on.
  for (let round = 0; round < 3; round++) {
    const warm = manyClaims();
    await acquire(warm);
    await complete(warm);
  }

  const claims = manyClaims();
  const [held, corrupt, list, large] = claims as [Claim, Claim, Claim, Claim];
  claims[3] = { ...large, inputPreview: 'x'.repeat(maxRecordBytes) };
  await authority.acquire(rivalOf(held));
  await observer.set(`twiceproof:${corrupt.id}`, 'nonsense');
  await observer.lpush(`twiceproof:${list.id}`, 'a list');
  const good = claims.slice(4);
  const odd = ['existing', 'RECORD_CORRUPT', 'RECORD_CORRUPT', 'OPTIONS_INVALID'];
  const claiming = async () =>
    expect(await acquire(claims)).toEqual([...odd, ...good.map(() => 'acquired')]);
  expect(await sent(claiming)).toBeLessThanOrEqual(2);
  const settling = async () => expect(await complete(good)).toEqual(good.map(() => 'done'));
  expect(await sent(settling)).toBeLessThanOrEqual(2);
  await areCopied(fast, good);
  const rivals = [held, corrupt, list, ...good].map((claim) => rivalOf(claim));
  const replaying = async () =>
    expect(await acquire(rivals)).toEqual([...odd.slice(0, 3), ...good.map(() => 'existing')]);
  // Of those that are not in memory.
  expect(await sent(replaying)).toBeLessThanOrEqual(2);
});
