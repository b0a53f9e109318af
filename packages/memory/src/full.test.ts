import type { Claim } from '@twiceproof/core';
import { describe, expect, test } from 'vitest';
import { memoryStore } from './memory-store.ts';

const hour = 3_600_000;

function newStore(maxRecords: number) {
  let now = 0;
  const store = memoryStore({ maxRecords, clock: { now: () => now } });
  const claim = (name: string, overrides: Partial<Claim> = {}): Claim => ({
    id: `test/pay/0/${name}`,
    environment: 'test',
    operation: 'pay',
    run: 0,
    token: `token of ${name}`,
    leaseMs: 30_000,
    retentionMs: hour,
    abandoned: 'hold',
    formatVersion: 1,
    ...overrides,
  });
  const bytes = new Uint8Array(1);
  return {
    store,
    claim,
    pass: (ms: number) => {
      now += ms;
    },
    complete: async (name: string, retentionMs: number | null = hour) => {
      const mine = claim(name);
      await store.acquire(mine);
      return store.complete(mine.id, mine.token, { bytes, retentionMs });
    },
    fail: async (name: string) => {
      const mine = claim(name);
      await store.acquire(mine);
      const error = { name: 'Error', message: name };
      return store.release(mine.id, mine.token, { error, retentionMs: hour });
    },
    has: async (name: string) => (await store.get(claim(name).id)) !== undefined,
  };
}

describe('a full store, as the authority', () => {
  test('refuses a new key, and says what to do', async () => {
    const { store, claim } = newStore(1);
    await store.acquire(claim('held'));
    await expect(store.acquire(claim('new'))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      recordId: 'test/pay/0/new',
      message: expect.stringMatching(/holds 1 records .* raise maxRecords, shorten retention/),
    });
  });

  test('goes on settling, replaying and retrying what it holds', async () => {
    const { store, claim, complete, fail } = newStore(3);
    await complete('completed');
    await fail('failed');
    const live = claim('live');
    await store.acquire(live);
    expect(await store.acquire(claim('completed'))).toMatchObject({ status: 'existing' });
    expect(await store.acquire(claim('failed'))).toMatchObject({ status: 'acquired' });
    expect(await store.renew(live.id, live.token, 1_000)).toEqual({ remainingMs: 1_000 });
    const outcome = { bytes: new Uint8Array(1), retentionMs: hour };
    expect(await store.complete(live.id, live.token, outcome)).toMatchObject({ status: 'done' });
  });

  test('never gives up a live, an abandoned or a completed record', async () => {
    const { store, claim, complete, pass, has } = newStore(3);
    await store.acquire(claim('abandoned'));
    pass(60_000);
    await store.acquire(claim('live'));
    await complete('completed', null);
    await expect(store.acquire(claim('new'))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await Promise.all(['abandoned', 'live', 'completed'].map(has))).toEqual([
      true,
      true,
      true,
    ]);
  });

  test('makes room by removing what expired, whenever that was claimed', async () => {
    const { store, claim, complete, pass, has } = newStore(3);
    await complete('kept', null);
    await complete('short', 1_000);
    await complete('long', hour);
    pass(1_000);
    expect(await store.acquire(claim('new'))).toMatchObject({ status: 'acquired' });
    expect(await Promise.all(['kept', 'short', 'long'].map(has))).toEqual([true, false, true]);
  });

  test('makes room by removing the oldest failed record', async () => {
    const { store, claim, complete, fail, has } = newStore(3);
    await complete('completed');
    await fail('older');
    await fail('newer');
    expect(await store.acquire(claim('new'))).toMatchObject({ status: 'acquired' });
    expect(await Promise.all(['completed', 'older', 'newer'].map(has))).toEqual([
      true,
      false,
      true,
    ]);
  });

  test('does not take a failed record that was claimed again for a failed one', async () => {
    const { store, claim, fail, has } = newStore(1);
    await fail('again');
    await store.acquire(claim('again', { token: 'second' }));
    await expect(store.acquire(claim('new'))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await has('again')).toBe(true);
  });

  test('keeps expired completed records while retirement is paused', async () => {
    const { store, claim, complete, pass } = newStore(1);
    await complete('paused', 1_000);
    pass(2_000);
    const paused = { retirement: 'paused' } as const;
    await expect(store.acquire(claim('new'), paused)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    expect(await store.acquire(claim('paused'), paused)).toMatchObject({ status: 'existing' });
    expect(await store.acquire(claim('new'))).toMatchObject({ status: 'acquired' });
  });
});
