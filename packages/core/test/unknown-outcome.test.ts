import {
  currentExecution,
  type Idempotency,
  isIdempotencyError,
  outcomeUnknown,
  type ProbeAnswer,
  unknownIfAmbiguous,
} from '@twiceproof/core';
import { describe, expect, it, vi } from 'vitest';
import { deployed, gate, settled } from './deployed.ts';

const byId = { operation: 'charge', key: (id: string) => id };
const timeout = () => Object.assign(new Error('no answer from the bank'), { code: 'ETIMEDOUT' });

async function recordOf(idempotency: Idempotency, id: string) {
  const record = await idempotency.records.get(id);
  return record && { status: record.status, lastError: record.lastError, attempt: record.attempt };
}

const unknown = (attempt = 1) => ({
  status: 'in_progress',
  lastError: { name: 'Error', message: 'no answer from the bank' },
  attempt,
});

describe('an outcome that nobody knows', () => {
  const ways: Record<string, { failure?: 'unknown'; fn: () => Promise<string> }> = {
    'failure: unknown': { failure: 'unknown', fn: () => Promise.reject(timeout()) },
    outcomeUnknown: { fn: () => Promise.reject(outcomeUnknown(timeout())) },
    'outcomeUnknown as the cause of another error': {
      fn: () => Promise.reject(new Error('charge failed', { cause: outcomeUnknown(timeout()) })),
    },
    'declareUnknown, and an error': {
      fn: async () => {
        currentExecution().declareUnknown(timeout());
        throw new Error('something else');
      },
    },
  };

  it.each(Object.keys(ways))(
    'is told by %s, and ends the attempt as abandoned at once',
    async (way) => {
      const { failure, fn } = ways[way]!;
      const { idempotency } = deployed();
      const run = vi.fn(fn);
      const charge = idempotency.wrap((_id: string) => run(), {
        ...byId,
        ...(failure && { failure }),
        abandoned: 'hold',
      });
      const first = await charge.settled('a');
      expect(first).toMatchObject({ outcome: 'unknown', started: true, recorded: false });
      await expect(run.mock.results[0]!.value).rejects.toBe(first.error);
      const id = await charge.idOf('a');
      expect(await recordOf(idempotency, id)).toEqual(unknown());
      const { records } = await idempotency.records.list({ unknown: true, held: true });
      expect(records.map((record) => record.id)).toEqual([id]);
      const second = await charge.settled('a');
      expect(second).toMatchObject({ outcome: 'held', started: false });
      expect(isIdempotencyError(second.error, 'HELD') && second.error.message).toContain(
        'nobody knows whether its effect happened',
      );
      expect(run).toHaveBeenCalledTimes(1);
    },
  );

  it('is executed again where abandoned says so, as the next attempt', async () => {
    const { idempotency } = deployed();
    const run = vi.fn(async () => 'charged').mockRejectedValueOnce(timeout());
    const charge = idempotency.wrap((_id: string) => run(), { ...byId, failure: 'unknown' });
    await expect(charge('a')).rejects.toThrow('no answer');
    expect(await charge.execute('a')).toMatchObject({ value: 'charged', record: { attempt: 2 } });
    expect((await idempotency.records.get(await charge.idOf('a')))?.lastError).toBeUndefined();
  });

  it('is what the probe says, which is given the error', async () => {
    const { idempotency } = deployed();
    const run = vi.fn(async () => 'charged').mockRejectedValue(timeout());
    const answers: ProbeAnswer[] = ['hold', 'reexecute', { completed: 'found' }];
    const probe = vi.fn(async () => answers.shift()!);
    const charge = idempotency.wrap((_id: string) => run(), { ...byId, abandoned: probe });
    await expect(charge('a')).rejects.toThrow('no answer');
    await expect(charge('a')).rejects.toMatchObject({ code: 'HELD' });
    await expect(charge('a')).rejects.toThrow('no answer');
    expect(await charge('a')).toBe('found');
    expect(await charge('a')).toBe('found');
    expect(run).toHaveBeenCalledTimes(2);
    expect(probe).toHaveBeenCalledWith(expect.objectContaining(unknown(1)));
    expect(probe).toHaveBeenLastCalledWith(expect.objectContaining(unknown(2)));
    const record = await idempotency.records.get(await charge.idOf('a'));
    expect(record).toMatchObject({ status: 'completed', settledBy: { by: 'probe' }, attempt: 2 });
  });

  it('leaves what the function returns to the caller, and records nothing of it', async () => {
    const { idempotency } = deployed();
    const charge = idempotency.wrap(
      async (_id: string) => {
        currentExecution().declareUnknown(timeout());
        currentExecution().declareUnknown(new Error('a later one'));
        return { status: 504 };
      },
      { ...byId, abandoned: 'hold' },
    );
    expect(await charge.settled('a')).toMatchObject({
      outcome: 'unknown',
      value: { status: 504 },
      started: true,
    });
    expect(await recordOf(idempotency, await charge.idOf('a'))).toEqual(unknown());
    await expect(charge('a')).rejects.toMatchObject({ code: 'HELD' });
  });

  it('cannot be declared after the end, and is nothing to note without a record', async () => {
    const { idempotency } = deployed();
    const late = gate<() => void>();
    const charge = idempotency.wrap(async (_id: string) => {
      const { declareUnknown } = currentExecution();
      late.resolve(declareUnknown);
      return 'charged';
    }, byId);
    await charge('a');
    const declare = await late.promise;
    expect(declare).toThrow('after the execution of');
    const free = idempotency.wrap(
      async (_id: string) => {
        currentExecution().declareUnknown();
        return 'charged';
      },
      { ...byId, enabled: false },
    );
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    expect(await free('b')).toBe('charged');
  });

  it('lets who waits for it go on', async () => {
    const { idempotency, elsewhere, clock } = deployed();
    const answer = gate<string>();
    const run = vi.fn(async () => 'charged').mockReturnValueOnce(answer.promise);
    const options = { ...byId, inProgress: 'wait', failure: 'unknown' } as const;
    const charge = idempotency.wrap((_id: string) => run(), options);
    const first = charge('a').catch((error: Error) => error.message);
    await settled();
    const here = charge('a');
    const there = elsewhere().wrap((_id: string) => run(), options)('a');
    await settled();
    answer.reject(timeout());
    expect(await first).toContain('no answer');
    await clock.advance(1_000);
    expect(await Promise.all([here, there])).toEqual(['charged', 'charged']);
    expect(run).toHaveBeenCalledTimes(2);
  });

  it.each([undefined, 'record', 'release'] as const)(
    'of a call inside another stands in its own record, and not in an outer one with failure %s',
    async (failure) => {
      const { idempotency } = deployed({ abandoned: 'hold' });
      const run = vi.fn(async () => 'charged').mockRejectedValueOnce(timeout());
      const charge = idempotency.wrap((_id: string) => run(), byId);
      const order = idempotency.wrap(
        async (id: string) => {
          try {
            return await charge(id);
          } catch (cause) {
            throw new Error('the order failed', { cause });
          }
        },
        { operation: 'order', key: (id) => id, ...(failure && { failure }) },
      );
      await expect(order('a')).rejects.toThrow('the order failed');
      expect(await recordOf(idempotency, await charge.idOf('a'))).toEqual(unknown());
      expect(await recordOf(idempotency, await order.idOf('a'))).toMatchObject({
        status: 'failed',
      });
      await idempotency.records.complete(await charge.idOf('a'), 'found');
      expect(await order('a')).toBe('found');
      expect(run).toHaveBeenCalledTimes(1);
    },
  );
});

describe('by default', () => {
  it('a timeout is unknown where abandoned is hold or a probe, and released where it is executed again', async () => {
    for (const [abandoned, status] of [
      ['hold', 'in_progress'],
      [async () => 'hold' as const, 'in_progress'],
      ['reexecute', 'failed'],
    ] as const) {
      const { idempotency } = deployed({ abandoned });
      const charge = idempotency.wrap((_id: string) => Promise.reject(timeout()), byId);
      await expect(charge('a')).rejects.toThrow('no answer');
      const id = await charge.idOf('a');
      expect(await recordOf(idempotency, id)).toMatchObject({ status });
    }
  });

  it('a clean failure is released, and never held', async () => {
    const { idempotency } = deployed({ abandoned: 'hold' });
    const run = vi.fn(async () => 'charged').mockRejectedValueOnce(new Error('card refused'));
    const charge = idempotency.wrap((_id: string) => run(), byId);
    await expect(charge('a')).rejects.toThrow('card refused');
    expect(await charge('a')).toBe('charged');
  });

  it('a function of the error answers one of the three', async () => {
    const { idempotency } = deployed({ abandoned: 'hold' });
    const failure = (error: unknown) =>
      error instanceof RangeError ? 'record' : unknownIfAmbiguous(error);
    const errors: Record<string, Error> = {
      recorded: new RangeError('no'),
      unknown: timeout(),
      released: new Error('card refused'),
    };
    const charge = idempotency.wrap((id: string) => Promise.reject(errors[id]), {
      ...byId,
      failure,
    });
    const statuses: Record<string, string | undefined> = {};
    for (const id of Object.keys(errors)) {
      await charge(id).catch(() => {});
      statuses[id] = (await recordOf(idempotency, await charge.idOf(id)))?.status;
    }
    expect(statuses).toEqual({
      recorded: 'completed',
      unknown: 'in_progress',
      released: 'failed',
    });
    const wrong = { operation: 'charge', failure: 'ignore' as never };
    expect(() => idempotency.wrap(async () => 1, wrong)).toThrow(
      "failure is 'ignore'; give 'release' or 'record' or 'unknown'",
    );
  });
});
