import { currentExecution, type Store } from '@idemkit/core';
import { describe, expect, it, vi } from 'vitest';
import { deployed, gate, settled } from './deployed.ts';

const options = { operation: 'work', key: (id: string) => id };

describe('lease', () => {
  it('is renewed while the function runs, so that nobody takes the record over', async () => {
    const { idempotency, elsewhere, clock } = deployed({ lease: '3s' });
    const work = gate<string>();
    const first = idempotency.wrap((_id: string) => work.promise, options)('a');
    await settled();
    await clock.advance(60_000);
    await expect(elsewhere().wrap((_id: string) => 'other', options)('a')).rejects.toThrow(
      'IN_PROGRESS',
    );
    work.resolve('done');
    expect(await first).toBe('done');
  });

  it('ends at a fixed deadline with heartbeat: false, aborting the signal', async () => {
    const { idempotency, elsewhere, clock } = deployed({ lease: '3s', heartbeat: false });
    const work = gate<string>();
    let signal: AbortSignal | undefined;
    const first = idempotency.wrap((_id: string) => {
      signal = currentExecution().signal;
      return work.promise;
    }, options)('a');
    await settled();
    await clock.advance(2_999);
    expect(signal?.aborted).toBe(false);
    await clock.advance(1);
    expect(signal?.aborted).toBe(true);
    expect(signal?.reason).toMatchObject({ code: 'LEASE_LOST' });
    expect(await elsewhere().wrap(async (_id: string) => 'taken over', options)('a')).toBe(
      'taken over',
    );
    work.resolve('late');
    await expect(first).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(await idempotency.wrap((_id: string) => 'never', options)('a')).toBe('taken over');
  });

  it('lets a late executor complete if nobody took over', async () => {
    const { idempotency, clock } = deployed({ lease: '3s', heartbeat: false });
    const work = gate<string>();
    const once = idempotency.wrap((_id: string) => work.promise, options);
    const first = once('a');
    await settled();
    await clock.advance(10_000);
    work.resolve('late');
    expect(await first).toBe('late');
    expect(await once.execute('a')).toMatchObject({ value: 'late', outcome: 'replayed' });
  });

  it('is lost when the record is deleted mid-run: the signal aborts and the result is not recorded', async () => {
    const { idempotency, clock } = deployed({ lease: '3s' });
    const work = gate<string>();
    let signal: AbortSignal | undefined;
    const once = idempotency.wrap((_id: string) => {
      signal = currentExecution().signal;
      return work.promise;
    }, options);
    const first = once('a');
    await settled();
    await idempotency.records.delete(await once.idOf('a'));
    await clock.advance(1_000);
    expect(signal?.aborted).toBe(true);
    work.resolve('done');
    await expect(first).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(await idempotency.records.get(await once.idOf('a'))).toBeUndefined();
  });

  it('aborts the signal at the deadline when renewals fail', async () => {
    const { store: inner } = deployed();
    const clockHolder = deployed({
      lease: '3s',
      store: { ...inner, renew: () => Promise.reject(new Error('cut off')) } satisfies Store,
    });
    const { idempotency, clock } = clockHolder;
    const work = gate<string>();
    let signal: AbortSignal | undefined;
    const first = idempotency.wrap((_id: string) => {
      signal = currentExecution().signal;
      return work.promise;
    }, options)('a');
    await settled();
    await clock.advance(2_000);
    expect(signal?.aborted).toBe(false);
    await clock.advance(1_000);
    expect(signal?.aborted).toBe(true);
    work.resolve('done');
    await expect(first).resolves.toBe('done');
  });

  it('starts no effect when the claim was answered after its lease', async () => {
    const { store: inner, clock } = deployed();
    const slow: Store = {
      ...inner,
      async acquire(claim, request) {
        const answer = await inner.acquire(claim, request);
        await clock.advance(4_000);
        return answer;
      },
      renew: async () => undefined,
    };
    const { idempotency } = deployed({ store: slow, lease: '3s', runtime: { clock } });
    const work = vi.fn((_id: string) => 'done');
    await expect(idempotency.wrap(work, options)('a')).rejects.toMatchObject({
      code: 'LEASE_LOST',
    });
    expect(work).not.toHaveBeenCalled();
  });

  it('gives the user error, not a lost lease, when both happen', async () => {
    const { idempotency, elsewhere, clock } = deployed({ lease: '3s', heartbeat: false });
    const work = gate<string>();
    const first = idempotency.wrap((_id: string) => work.promise, options)('a');
    await settled();
    await clock.advance(3_000);
    await elsewhere().wrap(async (_id: string) => 'other', options)('a');
    work.reject(new TypeError('mine'));
    await expect(first).rejects.toThrow(TypeError);
    expect(await idempotency.wrap((_id: string) => 'never', options)('a')).toBe('other');
  });
});
