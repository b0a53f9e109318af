import { currentExecution, isIdempotencyError } from '@twiceproof/core';
import { describe, expect, it, vi } from 'vitest';
import { deployed, gate, settled } from './deployed.ts';
import { interrupted } from './outage.ts';

const options = { operation: 'work', key: (id: string) => id };

describe('maxDuration', () => {
  it('ends the call with TIMED_OUT, aborts its signal, and leaves the rest to abandoned', async () => {
    const { idempotency, elsewhere, clock } = deployed({ maxDuration: '5s', abandoned: 'hold' });
    let signal: AbortSignal | undefined;
    const once = idempotency.wrap((_id: string) => {
      signal = currentExecution().signal;
      return new Promise<string>(() => {});
    }, options);
    const call = once.settled('a');
    await clock.advance(4_999);
    expect(signal?.aborted).toBe(false);
    await clock.advance(1);
    expect(await call).toMatchObject({
      outcome: 'timed_out',
      error: { code: 'TIMED_OUT', recordId: await once.idOf('a') },
      started: true,
      recorded: false,
      record: { status: 'in_progress', lastError: { name: 'IdempotencyError' } },
    });
    expect(signal?.reason).toMatchObject({ code: 'TIMED_OUT' });
    const { records } = await idempotency.records.list({ unknown: true });
    expect(records).toHaveLength(1);
    const other = elsewhere().wrap(async (_id: string) => 'again', options);
    await expect(other('a')).rejects.toMatchObject({ code: 'HELD' });
    await clock.advance(60_000);
    expect(clock.pending()).toBe(0);
  });

  it("executes again at once with abandoned: 'reexecute'", async () => {
    const { idempotency, elsewhere, clock } = deployed({ maxDuration: '5s' });
    const call = idempotency.wrap((_id: string) => new Promise<string>(() => {}), options);
    const timedOut = call('a').catch((error: unknown) => error);
    await clock.advance(5_000);
    expect(isIdempotencyError(await timedOut, 'TIMED_OUT')).toBe(true);
    const other = elsewhere().wrap(async (_id: string) => 'again', options);
    expect(await other.execute('a')).toMatchObject({ value: 'again', record: { attempt: 2 } });
  });

  it('frees those who wait for it', async () => {
    const { idempotency, clock } = deployed({ inProgress: 'wait' });
    const results = [new Promise<string>(() => {}), Promise.resolve('second')];
    const work = vi.fn((_id: string) => results.shift()!);
    const once = idempotency.wrap(work, { ...options, maxDuration: '5s' });
    const first = once('a').catch((error: { code: string }) => error.code);
    const second = once('a');
    await clock.advance(6_000);
    expect([await first, await second]).toEqual(['TIMED_OUT', 'second']);
  });

  it('records a result that comes after all, if nobody has decided yet', async () => {
    for (const decided of [false, true]) {
      const { idempotency, elsewhere, clock } = deployed({
        maxDuration: '5s',
        abandoned: 'hold',
      });
      const work = gate<string>();
      const once = idempotency.wrap((_id: string) => work.promise, options);
      const timedOut = once.settled('a');
      await clock.advance(5_000);
      expect(await timedOut).toMatchObject({ outcome: 'timed_out' });
      if (decided) await idempotency.records.release(await once.idOf('a'));
      work.resolve('late');
      await settled();
      const other = elsewhere().wrap(async (_id: string) => 'again', options);
      expect(await other('a')).toBe(decided ? 'again' : 'late');
    }
  });

  it('records no result of a function that said that nobody knows, however late it ends', async () => {
    const { idempotency, elsewhere, clock } = deployed({ maxDuration: '5s', abandoned: 'hold' });
    const work = gate<string>();
    const once = idempotency.wrap((_id: string) => {
      currentExecution().declareUnknown(new Error('the bank did not answer'));
      return work.promise;
    }, options);
    const timedOut = once.settled('a');
    await clock.advance(5_000);
    expect(await timedOut).toMatchObject({ outcome: 'timed_out', error: { code: 'TIMED_OUT' } });
    work.resolve('late');
    await settled();
    const lastError = { message: 'the bank did not answer' };
    expect((await idempotency.records.list()).records).toMatchObject([{ lastError }]);
    const other = elsewhere().wrap(async (_id: string) => 'again', options);
    await expect(other('a')).rejects.toMatchObject({ code: 'HELD' });
  });

  it('makes nothing of an error that comes after all: it may be that of the abort', async () => {
    const { idempotency, clock } = deployed({ maxDuration: '5s', abandoned: 'hold' });
    const once = idempotency.wrap(
      (_id: string) =>
        new Promise<string>((_resolve, reject) => {
          const { signal } = currentExecution();
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
      options,
    );
    const timedOut = once.settled('a');
    await clock.advance(5_000);
    expect(await timedOut).toMatchObject({ outcome: 'timed_out' });
    await expect(once('a')).rejects.toMatchObject({ code: 'HELD' });
  });

  it('ends the steps of a workflow that has had its time', async () => {
    const { idempotency, clock } = deployed();
    const goOn = gate();
    const late = vi.fn(() => 'late');
    const refused = vi.fn();
    const fulfil = idempotency.workflow(
      async (_order: string, step) => {
        await goOn.promise;
        await step('ship', late).catch(refused);
      },
      { operation: 'fulfil', key: (order) => order, maxDuration: '5s' },
    );
    const timedOut = fulfil.settled('o-1');
    await clock.advance(5_000);
    expect(await timedOut).toMatchObject({ outcome: 'timed_out' });
    goOn.resolve();
    await settled();
    expect(late).not.toHaveBeenCalled();
    expect(refused.mock.calls[0]?.[0]).toMatchObject({ code: 'LEASE_LOST' });
  });

  it('costs the next call nothing when the store is away: it is settled in the background', async () => {
    const { store: truth, clock } = deployed();
    const { store, takeAway, bringBack } = interrupted(truth);
    const { idempotency, elsewhere } = deployed({
      store,
      maxDuration: '5s',
      abandoned: 'hold',
      storeTimeout: '1s',
      runtime: { clock },
    });
    const once = idempotency.wrap((_id: string) => new Promise<string>(() => {}), options);
    const timedOut = once.settled('a');
    await settled();
    takeAway();
    await clock.advance(60_000);
    expect(await timedOut).toMatchObject({ outcome: 'timed_out' });
    bringBack();
    await clock.advance(7_000);
    const { records } = await elsewhere().records.list({ unknown: true });
    expect(records).toMatchObject([{ id: await once.idOf('a') }]);
  });

  it.each([
    ['enabled: false', { enabled: false }, 'a'],
    ["missingKey: 'execute'", { missingKey: 'execute' }, ''],
  ] as const)(
    'also ends a call that runs without idempotency, with %s',
    async (_title, given, key) => {
      vi.spyOn(console, 'warn').mockImplementation(() => {});
      const { idempotency, clock } = deployed({ maxDuration: '5s', ...given });
      let signal: AbortSignal | undefined;
      const endless = idempotency.wrap((_id: string) => {
        signal = currentExecution().signal;
        return new Promise<string>(() => {});
      }, options);
      const call = endless.settled(key);
      await clock.advance(4_999);
      expect(signal?.aborted).toBe(false);
      await clock.advance(1);
      expect(await call).toMatchObject({
        outcome: 'bypassed',
        started: true,
        error: { code: 'TIMED_OUT', message: expect.stringContaining('nothing is recorded') },
      });
      expect(signal?.reason).toMatchObject({ code: 'TIMED_OUT' });
      expect(clock.pending()).toBe(0);
    },
  );

  it('ends no call that is only rehearsed', async () => {
    const { idempotency, clock } = deployed({ maxDuration: '5s', enabled: 'shadow' });
    const work = Promise.withResolvers<string>();
    const call = idempotency.wrap((_id: string) => work.promise, options)('a');
    await clock.advance(6_000);
    work.resolve('late');
    await clock.advance(1_000);
    expect(await call).toBe('late');
  });

  it('leaves no timer behind when the function ends in time', async () => {
    const { idempotency, clock } = deployed({ maxDuration: '1h' });
    expect(await idempotency.wrap(async (_id: string) => 'done', options)('a')).toBe('done');
    await clock.advance(30_000);
    expect(clock.pending()).toBe(0);
  });

  it('must be a duration, or false', () => {
    expect(() => deployed({ maxDuration: 'soon' as never })).toThrow('maxDuration');
    expect(() => deployed({ maxDuration: false })).not.toThrow();
  });
});
