import { createIdempotency, currentExecution } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { describe, expect, it, vi } from 'vitest';
import { deployed, gate, settled } from './deployed.ts';
import { interrupted } from './outage.ts';

const options = { operation: 'work', key: (id: string) => id };

describe('close', () => {
  it('refuses new calls and actions, and waits for running ones', async () => {
    const { idempotency } = deployed();
    const work = gate<string>();
    const started = vi.fn((_id: string) => work.promise);
    const once = idempotency.wrap(started, options);
    const running = once('a');
    await settled();
    let closed = false;
    const closing = idempotency.close().then((result) => {
      closed = true;
      return result;
    });
    await settled();
    expect(closed).toBe(false);
    expect(await once.settled('b')).toMatchObject({
      outcome: 'failed',
      error: { code: 'CLOSED' },
      started: false,
    });
    const id = await once.idOf('a');
    await expect(idempotency.records.release(id)).rejects.toMatchObject({ code: 'CLOSED' });
    await expect(
      idempotency.execute({ operation: 'work', key: 'c' }, () => 1),
    ).rejects.toMatchObject({ code: 'CLOSED' });
    work.resolve('done');
    expect(await running).toBe('done');
    expect(await closing).toEqual({ left: [] });
    expect(await idempotency.records.get(id)).toMatchObject({ status: 'completed' });
    expect(started).toHaveBeenCalledTimes(1);
  });

  it('ends after those who waited for the last call, however they did', async () => {
    const { idempotency } = deployed();
    const work = gate<string>();
    const once = idempotency.wrap((_id: string) => work.promise, options);
    const order: string[] = [];
    const consumer = async (): Promise<void> => {
      let outcome: Promise<unknown> = once.settled('a');
      for (let layers = 0; layers < 20; layers++) outcome = outcome.then((value) => value);
      await outcome;
      order.push('acknowledged');
    };
    const acknowledged = consumer();
    await settled();
    const closed = idempotency.close().then(() => order.push('closed'));
    work.resolve('done');
    await Promise.all([acknowledged, closed]);
    expect(order).toEqual(['acknowledged', 'closed']);
  });

  it('lets executions under way finish what they consist of', async () => {
    const { idempotency } = deployed();
    const begun = gate();
    const goOn = gate();
    const fulfil = idempotency.workflow(
      async (_order: string, step) => {
        begun.resolve();
        await goOn.promise;
        return step('ship', () => 'shipped');
      },
      { operation: 'fulfil', key: (order) => order },
    );
    const running = fulfil('o-1');
    await begun.promise;
    const closing = idempotency.close();
    goOn.resolve();
    expect(await running).toBe('shipped');
    expect(await closing).toEqual({ left: [] });
  });

  it('lets executions under way act on records', async () => {
    const { idempotency } = deployed();
    const done = idempotency.wrap((_id: string) => 'done', options);
    await done('a');
    const begun = gate();
    const goOn = gate();
    const undo = idempotency.wrap(
      async (id: string) => {
        begun.resolve();
        await goOn.promise;
        return idempotency.records.delete(await done.idOf(id));
      },
      { operation: 'undo', key: (id) => id },
    );
    const running = undo('a');
    await begun.promise;
    const closing = idempotency.close();
    goOn.resolve();
    expect(await running).toBe(true);
    expect(await closing).toEqual({ left: [] });
  });

  it('lets an action under way finish what it consists of, too', async () => {
    const { store: truth, clock } = deployed();
    const asked = gate();
    const goOn = gate();
    const get: typeof truth.get = async (...request) => {
      asked.resolve();
      await goOn.promise;
      return truth.get(...request);
    };
    const { idempotency, elsewhere } = deployed({ store: { ...truth, get }, runtime: { clock } });
    const ship = vi.fn(() => 'shipped');
    const fulfil = elsewhere({ store: truth }).workflow(
      async (_order: string, step) => step('ship', ship),
      { operation: 'fulfil', key: (order) => order },
    );
    await fulfil('o-1');
    const released = idempotency.records.release(await fulfil.idOf('o-1'), { steps: true });
    await asked.promise;
    const closing = idempotency.close();
    goOn.resolve();
    expect(await released).toBe(true);
    expect(await closing).toEqual({ left: [] });
    await fulfil('o-1');
    expect(ship).toHaveBeenCalledTimes(2);
  });

  it('waits for what is settled in the background, without long pauses, whatever it is at', async () => {
    // Over the time of one pause and one request, which are what it may be at.
    for (let phaseMs = 0; phaseMs < 6_500; phaseMs += 250) {
      const { store: truth, clock } = deployed();
      const { store, takeAway, bringBack } = interrupted(truth);
      const runtime = { clock, random: () => 0.5 };
      const { idempotency } = deployed({ store, storeTimeout: '1s', runtime });
      const once = idempotency.wrap((_id: string) => {
        takeAway();
        return 'done';
      }, options);
      const refused = once.settled('a');
      await clock.advance(60_000 + phaseMs);
      expect(await refused).toMatchObject({ outcome: 'store_error' });
      let closed: unknown = `not closed, at phase ${phaseMs}`;
      const closing = idempotency.close({ timeout: '10s' }).then((answer) => {
        closed = answer;
      });
      await clock.advance(2_000);
      bringBack();
      await clock.advance(1_000);
      await settled();
      expect(closed).toEqual({ left: [] });
      await closing;
      const id = await once.idOf('a');
      expect(await truth.get(id)).toMatchObject({ status: 'completed' });
      await clock.advance(30_000);
      expect(clock.pending()).toBe(0);
    }
  });

  it('aborts what does not end in time, and hands its record back', async () => {
    const { idempotency, elsewhere, clock } = deployed({ abandoned: 'hold' });
    const once = idempotency.wrap(
      (_id: string) =>
        new Promise<string>((_resolve, reject) => {
          const { signal } = currentExecution();
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
      options,
    );
    const running = once.settled('a');
    await settled();
    const closing = idempotency.close({ timeout: '3s' });
    await clock.advance(2_999);
    const other = elsewhere().wrap(async (_id: string) => 'again', options);
    await expect(other('a')).rejects.toMatchObject({ code: 'IN_PROGRESS' });
    await clock.advance(1);
    expect(await running).toMatchObject({ outcome: 'failed', error: { code: 'CLOSED' } });
    expect(await closing).toEqual({ left: [] });
    expect(await other('a')).toBe('again');
  });

  it('leaves an execution that does not stop to the end of its lease, and says so', async () => {
    const { idempotency, elsewhere, clock } = deployed({ lease: '3s' });
    let signal: AbortSignal | undefined;
    const once = idempotency.wrap((_id: string) => {
      signal = currentExecution().signal;
      return new Promise<string>(() => {});
    }, options);
    void once('a');
    await settled();
    const closing = idempotency.close({ timeout: '10s' });
    await clock.advance(11_000);
    expect(await closing).toEqual({ left: [await once.idOf('a')] });
    expect(signal?.reason).toMatchObject({ code: 'CLOSED' });
    await clock.advance(3_000);
    expect(await elsewhere().wrap(async (_id: string) => 'again', options)('a')).toBe('again');
    await clock.advance(30_000);
    expect(clock.pending()).toBe(0);
  });

  it('is bounded in time with the store away, and leaves no timer', async () => {
    const { store: truth, clock } = deployed();
    const { store, takeAway } = interrupted(truth);
    const { idempotency } = deployed({ store, storeTimeout: '30s', runtime: { clock } });
    const once = idempotency.wrap((_id: string) => {
      takeAway();
      return 'done';
    }, options);
    const first = once.settled('a');
    await clock.advance(40_000);
    await first;
    const second = once.settled('b');
    await clock.advance(1_000);
    const closing = idempotency.close({ timeout: '2s' });
    await clock.advance(3_000);
    expect(await closing).toEqual({ left: [await once.idOf('a')] });
    await clock.advance(1_000);
    expect(await second).toMatchObject({ outcome: 'store_error' });
    await clock.advance(30_000);
    expect(clock.pending()).toBe(0);
  });

  it('names a settlement that was still tried when the time was over', async () => {
    const { store: truth, clock } = deployed();
    const { store, takeAway } = interrupted(truth);
    const { idempotency } = deployed({ store, storeTimeout: '30s', runtime: { clock } });
    const once = idempotency.wrap((_id: string) => {
      takeAway();
      return 'done';
    }, options);
    const call = once.settled('a');
    await settled();
    const closing = idempotency.close({ timeout: '2s' });
    await clock.advance(3_000);
    expect(await closing).toEqual({ left: [await once.idOf('a')] });
    await clock.advance(1_000);
    expect(await call).toMatchObject({ outcome: 'store_error', started: true });
  });

  it('ends the waiting of calls when the time is over', async () => {
    const { idempotency, elsewhere, clock } = deployed({ inProgress: 'wait' });
    void elsewhere().wrap((_id: string) => new Promise(() => {}), options)('theirs');
    void idempotency.wrap((_id: string) => new Promise(() => {}), options)('ours');
    await settled();
    const waiting = idempotency.wrap(async (_id: string) => 'never', options);
    const calls = [waiting.settled('theirs'), waiting.settled('ours')];
    const closing = idempotency.close({ timeout: '2s' });
    await clock.advance(3_000);
    await closing;
    for (const call of await Promise.all(calls)) {
      expect(call).toMatchObject({ outcome: 'in_progress', error: { code: 'CLOSED' } });
    }
  });

  it('starts nothing that was claimed after the time was over', async () => {
    const { store: truth, clock } = deployed();
    const answered = gate();
    const acquire: typeof truth.acquire = async (...request) => {
      const answer = await truth.acquire(...request);
      await answered.promise;
      return answer;
    };
    const { idempotency } = deployed({ store: { ...truth, acquire }, runtime: { clock } });
    const work = vi.fn((_id: string) => 'done');
    const once = idempotency.wrap(work, options);
    const call = once.settled('a');
    const closing = idempotency.close({ timeout: '1s' });
    await clock.advance(1_000);
    answered.resolve();
    await clock.advance(1_000);
    await closing;
    expect(await call).toMatchObject({ outcome: 'failed', error: { code: 'CLOSED' } });
    expect(work).not.toHaveBeenCalled();
    expect(await truth.get(await once.idOf('a'))).toMatchObject({ status: 'failed' });
  });

  it("starts nothing without idempotency either after the time was over, with storeOutage: 'execute'", async () => {
    const { store, takeAway } = interrupted(deployed().store);
    const { idempotency, clock } = deployed({ store, storeOutage: 'execute', storeTimeout: '10s' });
    const work = vi.fn(async (_id: string) => 'never');
    takeAway();
    const call = idempotency.wrap(work, options).settled('a');
    const closed = idempotency.close({ timeout: '1s' });
    await clock.advance(60_000);
    expect(await call).toMatchObject({ error: { code: 'CLOSED' }, started: false });
    expect(work).not.toHaveBeenCalled();
    await closed;
  });

  it('holds for what extends it, and not for what it extends', async () => {
    const { idempotency } = deployed();
    const narrower = idempotency.extend({ retention: '1h' });
    const work = gate<string>();
    const running = narrower.wrap((_id: string) => work.promise, options)('a');
    await settled();
    const sibling = idempotency.extend({});
    await sibling.close();
    const once = (of: typeof idempotency) => of.wrap(async (_id: string) => 'done', options);
    await expect(once(sibling)('b')).rejects.toMatchObject({ code: 'CLOSED' });
    expect(await once(idempotency)('b')).toBe('done');
    const closing = idempotency.close();
    await expect(once(narrower)('c')).rejects.toMatchObject({ code: 'CLOSED' });
    work.resolve('done');
    expect(await running).toBe('done');
    expect(await closing).toEqual({ left: [] });
  });

  it('also aborts what runs without idempotency', async () => {
    const { idempotency, clock } = deployed({ enabled: false });
    const call = idempotency.wrap(
      (_id: string) =>
        new Promise<string>((resolve) => {
          const { signal } = currentExecution();
          signal.addEventListener('abort', () => resolve('stopped'));
        }),
      options,
    )('a');
    const closing = idempotency.close({ timeout: '1s' });
    await clock.advance(1_000);
    expect(await call).toBe('stopped');
    expect(await closing).toEqual({ left: [] });
  });

  it('is what await using does', async () => {
    const store = memoryStore();
    const work = gate<string>();
    let running: Promise<string> | undefined;
    const block = async (): Promise<void> => {
      await using idempotency = createIdempotency({ environment: 'test', store });
      running = idempotency.wrap((_id: string) => work.promise, options)('a');
      setImmediate(() => work.resolve('done'));
    };
    await block();
    expect(await Promise.race([running, 'still running'])).toBe('done');
  });

  it('refuses a timeout that is none', async () => {
    const { idempotency } = deployed();
    expect(() => idempotency.close({ timeout: 'soon' as never })).toThrow('close: timeout');
    expect(() => idempotency.close({ timout: '1s' } as never)).toThrow("did you mean 'timeout'");
  });
});
