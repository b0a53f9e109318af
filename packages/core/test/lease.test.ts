import { currentExecution, type Store } from '@twiceproof/core';
import { describe, expect, it, vi } from 'vitest';
import { deployed, gate, settled } from './deployed.ts';
import { interrupted } from './outage.ts';

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

  it('aborts the signal at the deadline also where no heartbeat falls on it', async () => {
    const { store: inner } = deployed();
    for (const [lease, claimTakesMs] of [
      [10_000, 0],
      [3_000, 1_500],
    ] as const) {
      const { idempotency, clock } = deployed({
        lease,
        store: {
          ...inner,
          renew: () => Promise.reject(new Error('cut off')),
          async acquire(claim, request) {
            await new Promise<void>((resolve) => clock.schedule(claimTakesMs, resolve));
            return inner.acquire(claim, request);
          },
        },
      });
      let signal: AbortSignal | undefined;
      const once = idempotency.wrap((_id: string) => {
        signal = currentExecution().signal;
        return new Promise<string>(() => {});
      }, options);
      void once(`claimed in ${claimTakesMs} ms`);
      await clock.advance(lease - 1);
      expect(signal?.aborted).toBe(false);
      await clock.advance(1);
      expect(signal?.aborted).toBe(true);
    }
  });

  /** A store whose claims take long to be answered, and whose renewals may fail. */
  function slowClaims(claimTakesMs: number, renewalsThatFail: number) {
    const { store: inner, clock, elsewhere } = deployed();
    const renew = vi.fn<Store['renew']>(async (...request) => {
      if (renew.mock.calls.length <= renewalsThatFail) throw new Error('ECONNRESET');
      return inner.renew(...request);
    });
    const store: Store = {
      ...inner,
      renew,
      async acquire(claim, request) {
        const answer = await inner.acquire(claim, request);
        await new Promise<void>((resolve) => clock.schedule(claimTakesMs, resolve));
        return answer;
      },
    };
    return { store, clock, renew, elsewhere: () => elsewhere({ store: inner }) };
  }

  for (const claimTakesMs of [0, 400, 700, 1_400]) {
    it(`survives two failed renewals when the claim took ${claimTakesMs} of 3,000 ms`, async () => {
      const { store, clock, elsewhere } = slowClaims(claimTakesMs, 2);
      const { idempotency } = deployed({ store, lease: '3s', runtime: { clock } });
      const work = gate<string>();
      let signal: AbortSignal | undefined;
      const call = idempotency.wrap((_id: string) => {
        signal = currentExecution().signal;
        return work.promise;
      }, options)('a');
      await clock.advance(claimTakesMs + 20_000);
      expect(signal?.aborted).toBe(false);
      await expect(elsewhere().wrap(async (_id: string) => 'other', options)('a')).rejects.toThrow(
        'IN_PROGRESS',
      );
      work.resolve('done');
      expect(await call).toBe('done');
    });
  }

  it('is renewed before the effect when the claim took most of it, until that is answered', async () => {
    const { store, clock, renew } = slowClaims(2_900, 2);
    const { idempotency } = deployed({ store, lease: '3s', runtime: { clock } });
    const renewals: number[] = [];
    const call = idempotency.wrap((_id: string) => {
      renewals.push(renew.mock.calls.length);
      return 'done';
    }, options)('a');
    await clock.advance(4_000);
    expect(await call).toBe('done');
    expect(renewals).toEqual([3]);
  });

  it('starts no effect on the rest of a lease that cannot be renewed, and frees the key', async () => {
    const { store, clock, elsewhere } = slowClaims(2_000, Number.POSITIVE_INFINITY);
    const { idempotency } = deployed({ store, lease: '3s', runtime: { clock } });
    const work = vi.fn((_id: string) => 'done');
    const call = idempotency.wrap(work, options).settled('a');
    await clock.advance(4_000);
    expect(await call).toMatchObject({ outcome: 'lease_lost', started: false });
    expect(work).not.toHaveBeenCalled();
    expect(await elsewhere().wrap(async (_id: string) => 'other', options)('a')).toBe('other');
  });

  it('is asked for again after its end, and had back if nobody took over', async () => {
    const { store: truth, clock, elsewhere } = deployed();
    const { store, takeAway, bringBack } = interrupted(truth);
    const { idempotency } = deployed({ store, lease: '3s', runtime: { clock } });
    const work = gate<string>();
    let signal: AbortSignal | undefined;
    const once = idempotency.wrap((_id: string) => {
      signal = currentExecution().signal;
      return work.promise;
    }, options);
    const call = once('a');
    await settled();
    takeAway();
    await clock.advance(60_000);
    expect(signal?.aborted).toBe(true);
    bringBack();
    await clock.advance(1_000);
    const other = elsewhere({ store: truth }).wrap(async (_id: string) => 'other', options);
    await expect(other('a')).rejects.toMatchObject({ code: 'IN_PROGRESS' });
    await clock.advance(60_000);
    await expect(other('a')).rejects.toMatchObject({ code: 'IN_PROGRESS' });
    work.resolve('done');
    expect(await call).toBe('done');
    expect(await other('a')).toBe('done');
  });

  it('is given up for good when somebody took over', async () => {
    const { store: truth, clock, elsewhere } = deployed();
    const { store, takeAway, bringBack, landed } = interrupted(truth);
    const { idempotency } = deployed({ store, lease: '3s', runtime: { clock } });
    void idempotency.wrap((_id: string) => new Promise<string>(() => {}), options)('a');
    await settled();
    takeAway();
    await clock.advance(4_000);
    const other = elsewhere({ store: truth }).wrap(async (_id: string) => 'other', options);
    expect(await other('a')).toBe('other');
    bringBack();
    await clock.advance(60_000);
    expect(landed.renew).toBe(1);
    expect(clock.pending()).toBe(0);
  });

  it('is kept by later renewals when one is never answered', async () => {
    const { store: inner } = deployed();
    let renewals = 0;
    const { idempotency, clock } = deployed({
      lease: '3s',
      storeTimeout: '5s',
      store: {
        ...inner,
        renew: (...request) => (++renewals === 1 ? new Promise(() => {}) : inner.renew(...request)),
      },
    });
    const work = gate<string>();
    let signal: AbortSignal | undefined;
    const once = idempotency.wrap((_id: string) => {
      signal = currentExecution().signal;
      return work.promise;
    }, options);
    const first = once('a');
    await settled();
    await clock.advance(60_000);
    expect(signal?.aborted).toBe(false);
    work.resolve('done');
    expect(await first).toBe('done');
  });

  it('is renewed until the record is settled, however long its result takes to be put away', async () => {
    const stored = gate();
    const { idempotency, elsewhere, clock } = deployed({
      lease: '3s',
      maxResultBytes: 10,
      oversized: { put: () => stored.promise, get: async () => undefined, delete: async () => {} },
    });
    const first = idempotency.wrap((_id: string) => 'x'.repeat(100), options)('a');
    await settled();
    await clock.advance(60_000);
    await expect(elsewhere().wrap((_id: string) => 'other', options)('a')).rejects.toThrow(
      'IN_PROGRESS',
    );
    stored.resolve();
    expect(await first).toBe('x'.repeat(100));
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

  it('starts after a renewal when the claim was answered after its lease', async () => {
    const { store: inner, clock } = deployed();
    const later = (ms: number) => new Promise<void>((resolve) => clock.schedule(ms, resolve));
    const slow: Store = {
      ...inner,
      async acquire(claim, request) {
        const answer = await inner.acquire(claim, request);
        await later(4_000);
        return answer;
      },
      async renew(...request) {
        await later(10);
        return inner.renew(...request);
      },
    };
    const { idempotency } = deployed({ store: slow, lease: '3s', runtime: { clock } });
    const call = idempotency.wrap((_id: string) => 'done', options)('a');
    await clock.advance(5_000);
    expect(await call).toBe('done');
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
