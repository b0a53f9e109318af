import { recordVersion, type StoredRecord } from '@twiceproof/core';
import { describe, expect, test } from 'vitest';
import { memoryStore } from './memory-store.ts';

const minute = 60_000;

function record(name: string, overrides: Partial<StoredRecord> = {}): StoredRecord {
  return {
    id: `test/pay/0/${name}`,
    environment: 'test',
    operation: 'pay',
    run: 0,
    status: 'completed',
    token: 'the executor’s',
    fence: 7,
    attempt: 1,
    createdAt: 1_000,
    startedAt: 1_000,
    leaseUntil: 31_000,
    completedAt: 2_000,
    expiresAt: 1_000_000_000,
    outcome: Uint8Array.from([1, 2, 3]),
    outcomeBytes: 3,
    formatVersion: 1,
    ...overrides,
  };
}

function claimOf({ id, environment, operation, run }: StoredRecord, token = 'another’s') {
  const rest = { leaseMs: 30_000, retentionMs: minute, formatVersion: 1 };
  return { id, environment, operation, run, token, ...rest, abandoned: 'reexecute' as const };
}

function newStore(maxRecords: number) {
  let now = 0;
  const store = memoryStore({ maxRecords, clock: { now: () => now } });
  return {
    store,
    pass: (ms: number) => {
      now += ms;
    },
    held: async (...names: string[]) => {
      const found: string[] = [];
      for (const name of names) if (await store.get(record(name).id)) found.push(name);
      return found;
    },
  };
}

describe('filled records', () => {
  test('the least recently used one makes room for the next', async () => {
    const { store, held } = newStore(3);
    for (const name of ['a', 'b', 'c']) await store.fill(record(name), minute);
    await store.get(record('a').id);
    await store.acquire(claimOf(record('b')));
    await store.fill(record('d'), minute);
    expect(await held('a', 'b', 'c', 'd')).toEqual(['a', 'b', 'd']);
  });

  test('an expired one makes room before one that is in use', async () => {
    const { store, pass, held } = newStore(2);
    await store.fill(record('used'), minute);
    await store.fill(record('expired'), 1_000);
    pass(1_000);
    await store.fill(record('new'), minute);
    expect(await held('used', 'expired', 'new')).toEqual(['used', 'new']);
  });

  test('they make room for records that the store decides about, and never the reverse', async () => {
    const { store, held } = newStore(2);
    await store.fill(record('a'), minute);
    await store.fill(record('b'), minute);
    await store.acquire(claimOf(record('mine')));
    expect(await held('a', 'b', 'mine')).toEqual(['b', 'mine']);
    await store.acquire(claimOf(record('mine too')));
    await store.fill(record('c'), minute);
    expect(await held('b', 'c', 'mine', 'mine too')).toEqual(['mine', 'mine too']);
  });

  test('a refill that comes late does not put an older record back', async () => {
    const { store } = newStore(2);
    await store.fill(record('a', { fence: 8 }), minute);
    await store.fill(record('a', { fence: 7 }), minute);
    expect(await store.get(record('a').id)).toMatchObject({ fence: 8 });
  });

  test('a refill with no time left removes nothing newer and keeps nothing', async () => {
    const { store, held } = newStore(2);
    await store.fill(record('a'), 0);
    expect(await held('a')).toEqual([]);
  });

  test('are served until their time is over, whatever the record says', async () => {
    const { store, pass, held } = newStore(2);
    await store.fill(record('a', { expiresAt: undefined }), 1_000);
    pass(999);
    expect(await held('a')).toEqual(['a']);
    pass(1);
    expect(await held('a')).toEqual([]);
    expect(await store.get(record('a').id, { retirement: 'paused' })).toBeUndefined();
  });

  test('cannot be claimed, not even deliberately: their authority decides', async () => {
    const { store } = newStore(2);
    const filled = record('a');
    await store.fill(filled, minute);
    const supersedes = recordVersion(filled);
    const answer = await store.acquire({ ...claimOf(filled), supersedes });
    expect(answer).toMatchObject({ status: 'existing', record: { token: 'the executor’s' } });
    expect(await store.acquire(claimOf(filled, filled.token))).toMatchObject({
      status: 'existing',
    });
  });

  test('are not listed: their authority lists them', async () => {
    const { store } = newStore(2);
    await store.fill(record('a'), minute);
    expect(await store.list({ limit: 10 })).toEqual({ records: [] });
  });

  test('leave a fence behind that later claims rise above', async () => {
    const { store } = newStore(2);
    await store.fill(record('a', { fence: 41 }), minute);
    await store.delete(record('a').id);
    expect(await store.acquire(claimOf(record('a')))).toMatchObject({ record: { fence: 42 } });
  });
});
