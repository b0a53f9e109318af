import { IdempotencyError, type IdempotencyOptions } from '@twiceproof/core';
import { describe, expect, it, vi } from 'vitest';
import { type Deployed, deployed, settled } from './deployed.ts';
import { type InterruptedStore, interrupted } from './outage.ts';

const options = { operation: 'work', key: (id: string) => id };

interface Outage extends Deployed, Pick<InterruptedStore, 'takeAway' | 'bringBack' | 'landed'> {}

/** A deployment whose store can be taken away, also from its other processes. */
function interruptible(own: Partial<IdempotencyOptions> = {}): Outage {
  const { store: truth, clock } = deployed();
  const outage = interrupted(truth);
  const deployment = deployed({
    lease: '2s',
    storeTimeout: '5s',
    ...own,
    store: outage.store,
    runtime: { clock },
  });
  return { ...deployment, ...outage, clock };
}

describe('a finished effect whose record could not be written', () => {
  it('is recorded for its caller when the store is back before the timeout', async () => {
    const { idempotency, elsewhere, clock, takeAway, bringBack } = interruptible({
      storeTimeout: '30s',
    });
    const work = vi.fn((_id: string) => {
      takeAway();
      clock.schedule(6_000, bringBack);
      return 'done';
    });
    const call = idempotency.wrap(work, options)('a');
    await clock.advance(7_000);
    expect(await call).toBe('done');
    expect(await elsewhere().wrap(work, options)('a')).toBe('done');
    expect(work).toHaveBeenCalledTimes(1);
  });

  for (const outageMs of [8_000, 600_000]) {
    it(`is recorded in the background after ${outageMs} ms, and not executed again`, async () => {
      const { idempotency, elsewhere, clock, takeAway, bringBack } = interruptible();
      const work = vi.fn((_id: string) => {
        takeAway();
        return 'done';
      });
      const call = idempotency.wrap(work, options).settled('a');
      await clock.advance(5_000);
      expect(await call).toMatchObject({
        outcome: 'store_error',
        error: { code: 'STORE_UNAVAILABLE' },
        started: true,
      });
      await clock.advance(outageMs - 5_000);
      bringBack();
      // Owned again before its result is written: nobody gets in between.
      await clock.advance(1_000);
      const other = elsewhere({ inProgress: 'wait' }).wrap(work, options).execute('a');
      await clock.advance(7_000);
      expect(await other).toMatchObject({ outcome: 'replayed', value: 'done' });
      expect(work).toHaveBeenCalledTimes(1);
    });
  }

  it('keeps its lease meanwhile, also one with a fixed deadline', async () => {
    for (const heartbeat of [true, false]) {
      const { idempotency, elsewhere, clock, takeAway, bringBack } = interruptible({ heartbeat });
      const work = vi.fn((_id: string) => {
        takeAway('complete');
        return 'done';
      });
      const call = idempotency.wrap(work, options)('a');
      void call.catch(() => {});
      await clock.advance(60_000);
      await expect(call).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      const other = elsewhere().wrap(work, options);
      await expect(other('a')).rejects.toMatchObject({ code: 'IN_PROGRESS' });
      bringBack();
      await clock.advance(7_000);
      expect(await other('a')).toBe('done');
      expect(work).toHaveBeenCalledTimes(1);
    }
  });

  it('ends with its timers when it is recorded, and when somebody else owns the record', async () => {
    for (const takenOver of [false, true]) {
      const { idempotency, elsewhere, clock, takeAway, bringBack } = interruptible();
      const once = idempotency.wrap((_id: string) => {
        takeAway('complete', 'renew');
        return 'mine';
      }, options);
      const call = once('a').catch(() => 'refused');
      await clock.advance(10_000);
      expect(await call).toBe('refused');
      if (takenOver) {
        const id = await once.idOf('a');
        await idempotency.records.delete(id);
      }
      bringBack();
      await clock.advance(30_000);
      expect(clock.pending()).toBe(0);
      const other = elsewhere().wrap(async (_id: string) => 'theirs', options);
      expect(await other('a')).toBe(takenOver ? 'theirs' : 'mine');
    }
  });

  it('is recorded with its large result put away once', async () => {
    const objects = new Map<string, Uint8Array>();
    const put = vi.fn(async (key: string, bytes: Uint8Array) => void objects.set(key, bytes));
    const { idempotency, elsewhere, clock, takeAway, bringBack } = interruptible({
      maxResultBytes: 300,
      oversized: { put, get: async (key) => objects.get(key), delete: async () => {} },
    });
    const result = 'x'.repeat(1_000);
    const call = idempotency.wrap((_id: string) => {
      takeAway();
      return result;
    }, options)('a');
    void call.catch(() => {});
    await clock.advance(20_000);
    bringBack();
    await clock.advance(10_000);
    const other = elsewhere().wrap(async (_id: string) => 'never', options);
    expect(await other.execute('a')).toMatchObject({ value: result, outcome: 'replayed' });
    expect(put).toHaveBeenCalledTimes(1);
  });
});

describe('a failed attempt that could not be written', () => {
  for (const failure of ['release', 'record'] as const) {
    it(`is settled in the background with failure: '${failure}', and never held`, async () => {
      const { idempotency, elsewhere, clock, takeAway, bringBack } = interruptible({
        abandoned: 'hold',
        failure,
      });
      const call = idempotency.wrap((_id: string): string => {
        takeAway();
        throw new RangeError('mine');
      }, options);
      const refused = call('a').catch((error: unknown) => error);
      await clock.advance(5_000);
      expect(await refused).toBeInstanceOf(RangeError);
      await clock.advance(60_000);
      bringBack();
      await clock.advance(7_000);
      const other = elsewhere().wrap(async (_id: string) => 'again', options);
      if (failure === 'release') expect(await other('a')).toBe('again');
      else await expect(other('a')).rejects.toThrow('mine');
    });
  }

  it('is no lost lease when only the answer to its release was lost', async () => {
    const leaseLost = vi.fn();
    const { store, clock } = deployed();
    const successor = deployed({ store, runtime: { clock } });
    let releases = 0;
    const release: typeof store.release = async (...request) => {
      const settlement = await store.release(...request);
      if (++releases > 1) return settlement;
      await successor.idempotency.wrap(async (_id: string) => 'next', options)('a');
      throw new Error('ECONNRESET');
    };
    const { idempotency } = deployed({
      store: { ...store, release },
      runtime: { clock },
      instrumentation: { execute: (_call, next) => next(), leaseLost },
    });
    const call = idempotency.wrap((_id: string) => Promise.reject(new Error('mine')), options);
    const refused = call('a').catch((error: Error) => error.message);
    await settled();
    await clock.advance(1_000);
    expect(await refused).toBe('mine');
    expect(releases).toBe(2);
    expect(leaseLost).not.toHaveBeenCalled();
  });
});

describe('settlements of operators and probes', () => {
  it('go on in the background, with the record owned meanwhile', async () => {
    const { idempotency, elsewhere, clock, takeAway, bringBack } = interruptible({
      abandoned: 'hold',
      heartbeat: false,
    });
    const stuck = elsewhere().wrap((_id: string) => new Promise<string>(() => {}), options);
    void stuck('released');
    void stuck('completed');
    await clock.advance(2_001);
    takeAway('complete', 'release');
    const { records } = idempotency;
    const actions = Promise.allSettled([
      records.release(await stuck.idOf('released')),
      records.complete(await stuck.idOf('completed'), 'found'),
    ]);
    await clock.advance(60_000);
    for (const { status } of await actions) expect(status).toBe('rejected');
    const other = elsewhere().wrap(async (_id: string) => 'again', options);
    await expect(other('released')).rejects.toMatchObject({ code: 'IN_PROGRESS' });
    await expect(other('completed')).rejects.toMatchObject({ code: 'IN_PROGRESS' });
    bringBack();
    await clock.advance(7_000);
    expect(await other('released')).toBe('again');
    expect(await other('completed')).toBe('found');
  });

  it("so does what a probe found, and the probe's call is told", async () => {
    const abandoned = vi.fn(() => ({ completed: 'found' }));
    const { elsewhere, clock, takeAway, bringBack } = interruptible({ abandoned });
    const crashed = elsewhere({ heartbeat: false });
    void crashed.wrap((_id: string) => new Promise<string>(() => {}), options)('a');
    await clock.advance(2_001);
    takeAway('complete');
    const work = vi.fn(async (_id: string) => 'executed');
    const call = elsewhere().wrap(work, options).settled('a');
    await clock.advance(60_000);
    expect(await call).toMatchObject({ outcome: 'store_error', started: false });
    bringBack();
    await clock.advance(7_000);
    expect(await elsewhere().wrap(work, options)('a')).toBe('found');
    expect(work).not.toHaveBeenCalled();
    expect(abandoned).toHaveBeenCalledTimes(1);
  });
});

describe('too much that waits to be settled', () => {
  it('refuses new work, and takes it again when there is room', async () => {
    const { idempotency, clock, takeAway, bringBack, landed } = interruptible();
    const large = new Uint8Array(16 * 1024 * 1024);
    const once = idempotency.wrap((_id: string) => {
      takeAway('complete');
      return large;
    }, options);
    const calls = Promise.allSettled(['a', 'b', 'c', 'd'].map((id) => once(id)));
    await clock.advance(5_000);
    await calls;
    const claims = landed.acquire;
    const work = vi.fn(async (_id: string) => 'done');
    const more = idempotency.wrap(work, options);
    const refused = await more.settled('e');
    expect(refused).toMatchObject({ outcome: 'store_error', error: { code: 'STORE_UNAVAILABLE' } });
    expect(refused.error).toBeInstanceOf(IdempotencyError);
    expect([landed.acquire, work.mock.calls.length]).toEqual([claims, 0]);
    bringBack();
    await clock.advance(10_000);
    expect(await more('e')).toBe('done');
    expect((await once.execute('a')).outcome).toBe('replayed');
  });
});
