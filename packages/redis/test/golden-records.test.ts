import { readFileSync } from 'node:fs';
import type { Claim, StoredRecord } from '@twiceproof/core';
import { type RedisEngine, startRedis } from '@twiceproof/engines';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeRecord } from '../src/record-format.ts';
import { type RedisStore, redisStore } from '../src/redis-store.ts';
import { claim, failure, outcome, rival } from './claims.ts';

/**
 * Records as versions before this one have left them in Redis. What is in the golden file is never changed:
 * every version reads it, and writes the same.
 */
interface Golden {
  readonly read: readonly {
    readonly id: string;
    readonly value: string;
    readonly record: object;
  }[];
  /** By how they came about; tokens, fences and times are left out. */
  readonly written: Readonly<Record<string, string>>;
}

const golden = JSON.parse(
  readFileSync(new URL('golden-records.json', import.meta.url), 'utf8'),
) as Golden;

let redis: RedisEngine;
let client: Redis;
let store: RedisStore;

beforeAll(async () => {
  redis = await startRedis({ own: true });
  client = new Redis(redis.url);
  store = redisStore({ client });
  // The server's clock is known from here on.
  await store.acquire(claim());
});
afterAll(async () => {
  client.disconnect();
  await redis.stop();
});

/** A record with its outcome as text, and nothing of what is not there. */
function plain(record: StoredRecord): object {
  const text = record.outcome && Buffer.from(record.outcome).toString();
  return JSON.parse(JSON.stringify({ ...record, outcome: text }));
}

test.each(golden.read)('$value is read', ({ id, value, record }) => {
  expect(plain(decodeRecord(id, Buffer.from(value)))).toEqual(record);
});

test('the server reads them as the client does', async () => {
  for (const { id, value, record } of golden.read) {
    await client.set(`twiceproof:${id}`, value, 'PX', 100_000_000_000);
    const [found] = (await store.list({ limit: 1, idPrefix: id })).records;
    // A copy is somebody else's record, and is not listed.
    if (value.startsWith('1m')) continue;
    const { outcome: _, ...listed } = record as { outcome?: string; leaseUntil: number };
    // Of a record in progress the server says when the lease ends by the key's time to live.
    expect(found && plain(found)).toEqual({ ...listed, ...timesOf(found, value) });
  }
});

function timesOf(found: StoredRecord | undefined, value: string): object {
  if (!value.startsWith('1p')) return {};
  const { leaseUntil, expiresAt } = found!;
  return expiresAt === undefined ? { leaseUntil } : { leaseUntil, expiresAt };
}

const full: Partial<Claim> = {
  scope: 'tenant',
  fingerprint: 'ünï',
  keyPreview: '🔑',
  inputPreview: '{"a":1}',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  workflow: 'test/flow/0/w',
  inputDigest: 'digest',
};

/** The life of a record, step by step: what each leaves in Redis. */
const lives: Record<string, (mine: Claim) => Promise<unknown>> = {
  'a first claim': (mine) => store.acquire(mine),
  'a claim with everything': (mine) => store.acquire({ ...mine, ...full, retentionMs: null }),
  'a claim that its id does not tell of': (mine) =>
    store.acquire({ ...mine, environment: 'other', run: 7, formatVersion: 3 }),
  'a claim by script': (mine) => store.acquire({ ...mine, ...full, supersedes: 'any' }),
  async 'a takeover'(mine) {
    await store.acquire(mine);
    await store.release(mine.id, mine.token, failure);
    await store.acquire({ ...rival(mine), token: mine.token });
  },
  async 'a renewed lease'(mine) {
    await store.acquire(mine);
    await store.renew(mine.id, mine.token, 40_000);
  },
  async 'a completion'(mine) {
    await store.acquire({ ...mine, ...full });
    await store.complete(mine.id, mine.token, outcome);
  },
  async 'a completion with everything, kept for ever'(mine) {
    await store.acquire(mine);
    const lastError = { name: 'É', message: 'no\nway' };
    const settledBy = { by: 'Ada;', reason: '' };
    const { traceparent } = full;
    const end = { ...outcome, retentionMs: null, lastError, settledBy, traceparent };
    await store.complete(mine.id, mine.token, end);
  },
  async 'a completion of a renewed lease, by another process'(mine) {
    await store.acquire(mine);
    await store.renew(mine.id, mine.token, 40_000);
    await redisStore({ client, grace: '5m' }).complete(mine.id, mine.token, outcome);
  },
  async 'a failure'(mine) {
    await store.acquire(mine);
    await store.release(mine.id, mine.token, failure);
  },
  async 'an unknown outcome'(mine) {
    await store.acquire(mine);
    await store.release(mine.id, mine.token, { ...failure, unknown: true });
  },
  async 'an extension'(mine) {
    await store.acquire(mine);
    await store.complete(mine.id, mine.token, outcome);
    await store.extend(mine.id, 90_000);
  },
  async 'a deletion'(mine) {
    await store.acquire(mine);
    await store.delete(mine.id);
  },
  async 'a copy'(mine) {
    await store.acquire({ ...mine, ...full });
    await store.complete(mine.id, mine.token, outcome);
    const record = (await store.get(mine.id))!;
    await client.del(`twiceproof:${mine.id}`);
    await store.fill(record, 60_000);
  },
};

test('they are written as they are in the golden file', async () => {
  const written: Record<string, string> = {};
  for (const [name, live] of Object.entries(lives)) {
    const mine = claim({ token: 'tökén;|' });
    await live(mine);
    const value = (await client.get(`twiceproof:${mine.id}`))!;
    written[name] = value
      .replace(/\d{16}/, '<fence>')
      .replaceAll(/\b\d{13}\b/g, '<time>')
      .replace(/(?<=^1[cfm].*?tökén;\|)\d+/, '<duration>')
      .replace(/(?<=^1[cfm].*?tökén;\|<duration>;)(59|60|9\d)\d{3}/, '<kept>')
      .replace(/(?<=^1u.*?tökén;\|;)\d+/, '<kept>')
      .replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/, '<edit>');
  }
  expect(written).toEqual(golden.written);
});
