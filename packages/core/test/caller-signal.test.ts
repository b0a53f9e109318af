import { type Claim, currentExecution, type Store } from '@twiceproof/core';
import { describe, expect, it, vi } from 'vitest';
import { deployed, gate, settled } from './deployed.ts';
import { interrupted } from './outage.ts';

const work = { operation: 'work', key: 'a' };

describe("the caller's signal", () => {
  it('ends the waiting of its caller, and not the execution', async () => {
    const { idempotency } = deployed();
    const caller = new AbortController();
    const result = gate<string>();
    let seen: AbortSignal | undefined;
    const fn = vi.fn(() => {
      seen = currentExecution().signal;
      return result.promise;
    });
    const call = idempotency.execute({ ...work, signal: caller.signal }, fn);
    await settled();
    caller.abort(new Error('client went away'));
    await expect(call).rejects.toThrow('client went away');
    expect(seen?.aborted).toBe(false);
    result.resolve('done');
    await settled();
    expect(await idempotency.execute(work, fn)).toMatchObject({
      value: 'done',
      outcome: 'replayed',
    });
    expect(fn).toHaveBeenCalledTimes(1);
  });

  it('tells with settled that the execution is under way', async () => {
    const { idempotency } = deployed();
    const caller = new AbortController();
    const call = idempotency.settled(
      { ...work, signal: caller.signal },
      () => new Promise(() => {}),
    );
    await settled();
    caller.abort('gone');
    expect(await call).toMatchObject({ outcome: 'in_progress', error: 'gone', started: true });
  });

  it('ends waiting for another executor, in this process and in another', async () => {
    const { idempotency, elsewhere, clock } = deployed({ inProgress: 'wait' });
    void idempotency.execute(work, () => new Promise(() => {}));
    await settled();
    for (const other of [idempotency, elsewhere()]) {
      const caller = new AbortController();
      const fn = vi.fn(() => 'never');
      const call = other.settled({ ...work, signal: caller.signal }, fn);
      await clock.advance(10_000);
      caller.abort('gone');
      await settled();
      expect(await call).toMatchObject({ error: 'gone', started: false });
      expect(fn).not.toHaveBeenCalled();
    }
  });

  it('starts nothing if it has aborted before, or while the claim was made', async () => {
    const { store: truth, clock } = deployed();
    const claims: Claim[] = [];
    const answered = gate();
    const acquire: Store['acquire'] = async (claim, request) => {
      claims.push(claim);
      await answered.promise;
      return truth.acquire(claim, request);
    };
    const { idempotency, elsewhere } = deployed({
      store: { ...truth, acquire },
      runtime: { clock },
    });
    const fn = vi.fn(() => 'never');
    const before = idempotency.execute({ ...work, signal: AbortSignal.abort('gone') }, fn);
    await expect(before).rejects.toBe('gone');
    expect(claims).toEqual([]);
    const caller = new AbortController();
    const during = idempotency.execute({ ...work, signal: caller.signal }, fn);
    await settled();
    caller.abort('gone');
    await expect(during).rejects.toBe('gone');
    answered.resolve();
    await settled();
    expect(fn).not.toHaveBeenCalled();
    const next = elsewhere({ store: truth }).execute(work, () => 'next');
    expect(await next).toMatchObject({ value: 'next' });
  });

  it("starts nothing once it has aborted with storeOutage: 'execute' either, nor what is adopted", async () => {
    const gone = new Error('client went away');
    const { store, takeAway } = interrupted(deployed().store);
    const { idempotency, clock } = deployed({ store, storeOutage: 'execute', storeTimeout: '5s' });
    const fn = vi.fn(() => 'never');
    takeAway();
    const away = new AbortController();
    const call = idempotency.settled({ ...work, signal: away.signal }, fn);
    await clock.advance(1_000);
    away.abort(gone);
    expect(await call).toMatchObject({ error: gone, started: false });
    await clock.advance(60_000);

    const asked = gate<undefined>();
    const adopting = new AbortController();
    const adopted = deployed().idempotency.settled(
      { ...work, adopt: () => asked.promise, signal: adopting.signal },
      fn,
    );
    await settled();
    adopting.abort(gone);
    expect(await adopted).toMatchObject({ error: gone, started: false });
    asked.resolve(undefined);
    await settled();
    expect(fn).not.toHaveBeenCalled();
  });

  it('leaves no listener behind', async () => {
    const { idempotency, elsewhere } = deployed({ inProgress: 'wait' });
    const caller = new AbortController();
    const add = vi.spyOn(caller.signal, 'addEventListener');
    const remove = vi.spyOn(caller.signal, 'removeEventListener');
    const result = gate<string>();
    const theirs = elsewhere().execute(work, () => result.promise);
    await settled();
    const ended = gate<string>();
    const call = idempotency.execute({ ...work, signal: caller.signal }, () => ended.promise);
    await settled();
    result.reject(new Error('failed'));
    await expect(theirs).rejects.toThrow('failed');
    caller.abort('gone');
    await expect(call).rejects.toBe('gone');
    ended.resolve('never');
    await settled();
    expect(add.mock.calls.length).toBeGreaterThan(1);
    expect(remove).toHaveBeenCalledTimes(add.mock.calls.length);
  });

  it('must be one', async () => {
    const { idempotency } = deployed();
    const call = idempotency.execute({ ...work, signal: {} as never }, () => 1);
    await expect(call).rejects.toMatchObject({
      code: 'OPTIONS_INVALID',
      message: expect.stringContaining('execute: signal'),
    });
  });
});
