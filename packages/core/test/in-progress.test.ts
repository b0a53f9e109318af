import { isIdempotencyError, type Store } from '@twiceproof/core';
import { describe, expect, it, vi } from 'vitest';
import { deployed, gate, settled } from './deployed.ts';

const options = { operation: 'work', key: (id: string) => id };

describe("inProgress: 'reject'", () => {
  it('refuses a second call while the first executes, and says when to come back', async () => {
    const { idempotency, elsewhere } = deployed();
    const work = gate<string>();
    const first = idempotency.wrap((_id: string) => work.promise, options)('a');
    await settled();
    for (const other of [idempotency, elsewhere()]) {
      const error = await other
        .wrap(
          (_id: string) => 'again',
          options,
        )('a')
        .catch((e: unknown) => e);
      expect(isIdempotencyError(error, 'IN_PROGRESS') && error.retryAfterMs).toBeGreaterThan(0);
      expect(error).toMatchObject({ recordId: expect.stringMatching(/^test\/work\/0\//) });
    }
    work.resolve('done');
    expect(await first).toBe('done');
  });

  it('asks a caller to come back later the longer the work has been running, up to its lease', async () => {
    const { idempotency, elsewhere, clock } = deployed({ lease: '8s' });
    void idempotency.wrap((_id: string) => new Promise(() => {}), options)('a');
    await settled();
    const other = elsewhere().wrap(async (_id: string) => {}, options);
    const retryAfter = async (): Promise<number> => {
      const { error } = await other.settled('a');
      return (isIdempotencyError(error, 'IN_PROGRESS') && error.retryAfterMs) || 0;
    };
    expect(await retryAfter()).toBe(50);
    await clock.advance(700);
    expect(await retryAfter()).toBe(700);
    await clock.advance(1_299);
    expect(await retryAfter()).toBe(1_999);
    await clock.advance(58_000);
    const late = await retryAfter();
    expect(late).toBeGreaterThan(5_000);
    expect(late).toBeLessThanOrEqual(8_000);
  });

  it('writes nothing for a refused duplicate', async () => {
    const { idempotency, elsewhere, store } = deployed();
    const work = gate();
    const once = idempotency.wrap((_id: string) => work.promise, options);
    const first = once('a');
    await settled();
    const before = await store.get(await once.idOf('a'));
    await expect(elsewhere().wrap(async (_id: string) => {}, options)('a')).rejects.toThrow(
      'IN_PROGRESS',
    );
    expect(await store.get(await once.idOf('a'))).toStrictEqual(before);
    work.resolve();
    await first;
  });
});

describe("inProgress: 'wait'", () => {
  it('gives every waiting caller the one result, without asking the store again', async () => {
    const { store: inner } = deployed();
    const acquire = vi.fn(inner.acquire);
    const get = vi.fn(inner.get);
    const { idempotency } = deployed({ store: { ...inner, acquire, get }, inProgress: 'wait' });
    const work = gate<{ n: number }>();
    const execute = vi.fn((_id: string) => work.promise);
    const once = idempotency.wrap(execute, options);
    const calls = Array.from({ length: 1_000 }, () => once.execute('a'));
    await settled();
    work.resolve({ n: 1 });
    const answers = await Promise.all(calls);
    expect(execute).toHaveBeenCalledTimes(1);
    expect(acquire).toHaveBeenCalledTimes(1);
    expect(get).not.toHaveBeenCalled();
    expect(answers.filter(({ outcome }) => outcome === 'executed')).toHaveLength(1);
    expect(new Set(answers.map(({ value }) => value)).size).toBe(1_000);
    for (const { value } of answers) expect(value).toStrictEqual({ n: 1 });
  });

  it('waits for another process by asking the store less and less often', async () => {
    const { idempotency, elsewhere, clock, store } = deployed({ lease: '30s' });
    const work = gate<string>();
    const first = idempotency.wrap((_id: string) => work.promise, options)('a');
    await settled();
    const acquire = vi.fn(store.acquire);
    const { watch: _watch, ...unwatched } = store;
    const other = elsewhere({ inProgress: 'wait', store: { ...unwatched, acquire } });
    const second = other.wrap((_id: string) => 'mine', options).execute('a');
    await clock.advance(10_000);
    expect(acquire.mock.calls.length).toBeGreaterThan(5);
    expect(acquire.mock.calls.length).toBeLessThan(30);
    work.resolve('theirs');
    await first;
    await clock.advance(2_000);
    expect(await second).toMatchObject({ value: 'theirs', outcome: 'replayed' });
  });

  it('is not driven by a watch that wakes it for nothing, or fails', async () => {
    const { idempotency, elsewhere, clock, store } = deployed({ lease: '30s' });
    const work = gate<string>();
    const first = idempotency.wrap((_id: string) => work.promise, options)('a');
    await settled();
    const watches: Store['watch'][] = [
      async () => {},
      () => Promise.reject(new Error('no connection')),
      () => {
        throw new Error('not connected');
      },
    ];
    const waiting = watches.map((watch) => {
      const acquire = vi.fn(store.acquire);
      const other = elsewhere({ inProgress: 'wait', store: { ...store, watch: watch!, acquire } });
      return { acquire, answer: other.wrap((_id: string) => 'mine', options)('a') };
    });
    await clock.advance(10_000);
    for (const { acquire } of waiting) expect(acquire.mock.calls.length).toBeLessThan(40);
    work.resolve('theirs');
    await first;
    await clock.advance(5_000);
    for (const { answer } of waiting) expect(await answer).toBe('theirs');
  });

  it('stops waiting when the given time is over', async () => {
    const { idempotency, clock } = deployed({ inProgress: { wait: '2s' } });
    const work = gate<string>();
    const once = idempotency.wrap((_id: string) => work.promise, options);
    const first = once('a');
    await settled();
    const second = once('a').catch((error: unknown) => error);
    await clock.advance(2_001);
    expect(await second).toMatchObject({ code: 'IN_PROGRESS' });
    work.resolve('done');
    expect(await first).toBe('done');
  });

  it('executes itself when the one it waited for fails', async () => {
    const { idempotency } = deployed({ inProgress: 'wait' });
    const work = gate<string>();
    let calls = 0;
    const once = idempotency.wrap(
      (_id: string) => (++calls === 1 ? work.promise : 'second'),
      options,
    );
    const [first, second, third] = [once('a').catch((e: Error) => e.message), once('a'), once('a')];
    await settled();
    work.reject(new Error('boom'));
    expect(await first).toBe('boom');
    expect(await Promise.all([second, third])).toEqual(['second', 'second']);
    expect(calls).toBe(2);
  });

  it('asks the store again when the one it waited for lost its lease and goes on', async () => {
    const { idempotency, elsewhere, clock } = deployed({
      inProgress: 'wait',
      lease: '3s',
      heartbeat: false,
    });
    const never = idempotency.wrap((_id: string) => new Promise<string>(() => {}), options);
    void never('a');
    await settled();
    const waiting = idempotency.wrap((_id: string) => 'here', options).execute('a');
    await settled();
    await clock.advance(3_000);
    await elsewhere().wrap((_id: string) => 'elsewhere', options)('a');
    await clock.advance(10_000);
    expect(['here', 'elsewhere']).toContain((await waiting).value);
  });

  it('shares an outage: callers do not find it out one after the other', async () => {
    const { store, clock } = deployed();
    const acquire = vi.fn(() => new Promise<never>(() => {}));
    const { idempotency } = deployed({
      store: { ...store, acquire },
      inProgress: 'wait',
      storeTimeout: '5s',
      runtime: { clock },
    });
    const once = idempotency.wrap(async (_id: string) => 'ok', options);
    const calls = Promise.all(
      Array.from({ length: 100 }, () => once('a').catch((error: unknown) => error)),
    );
    await clock.advance(5_001);
    for (const error of await calls) expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(acquire).toHaveBeenCalledTimes(1);
  });

  it('refuses instead of waiting for itself', async () => {
    const { idempotency } = deployed({ inProgress: 'wait' });
    const once = idempotency.wrap(async (id: string): Promise<string> => once(id), options);
    await expect(once('a')).rejects.toMatchObject({ code: 'IN_PROGRESS' });
  });
});

describe('fingerprint', () => {
  const fingerprinted = {
    operation: 'pay',
    key: (order: { id: string; amount: number }) => order.id,
    fingerprint: (order: { id: string; amount: number }) => order.amount,
  };

  it('refuses the same key with another payload, whatever the status, and changes nothing', async () => {
    const { idempotency, store } = deployed({ inProgress: 'wait' });
    const work = gate<string>();
    const pay = vi.fn((_order: { id: string; amount: number }) => work.promise);
    const once = idempotency.wrap(pay, fingerprinted);
    const first = once({ id: 'o', amount: 1 });
    await settled();
    const id = await once.idOf({ id: 'o', amount: 1 });
    const during = await store.get(id);
    await expect(once({ id: 'o', amount: 2 })).rejects.toMatchObject({
      code: 'FINGERPRINT_MISMATCH',
      recordId: id,
    });
    expect(await store.get(id)).toStrictEqual(during);
    work.resolve('paid');
    await first;
    await expect(once({ id: 'o', amount: 2 })).rejects.toMatchObject({
      code: 'FINGERPRINT_MISMATCH',
    });
    expect(await once({ id: 'o', amount: 1 })).toBe('paid');
    expect(pay).toHaveBeenCalledTimes(1);
  });

  it('refuses it to callers who share the answer that one of them got from the store', async () => {
    const { elsewhere, store } = deployed();
    await elsewhere().wrap(
      (_order: { id: string; amount: number }) => 'paid',
      fingerprinted,
    )({
      id: 'o',
      amount: 1,
    });
    const answered = gate();
    const slow: Store = {
      ...store,
      async acquire(...request) {
        await answered.promise;
        return store.acquire(...request);
      },
    };
    const once = elsewhere({ store: slow, inProgress: 'wait' }).wrap(
      (_order: { id: string; amount: number }) => 'never',
      fingerprinted,
    );
    const calls = [1, 2, 3].map(() => once({ id: 'o', amount: 2 }).catch((error) => error));
    await settled();
    answered.resolve();
    for (const error of await Promise.all(calls)) {
      expect(error).toMatchObject({ code: 'FINGERPRINT_MISMATCH' });
    }
  });

  it('refuses it also after a failed attempt', async () => {
    const { idempotency } = deployed();
    const once = idempotency.wrap(async (_order: { id: string; amount: number }) => {
      throw new Error('no');
    }, fingerprinted);
    await expect(once({ id: 'o', amount: 1 })).rejects.toThrow('no');
    await expect(once({ id: 'o', amount: 2 })).rejects.toMatchObject({
      code: 'FINGERPRINT_MISMATCH',
    });
  });
});
