import { currentExecution, isIdempotencyError, outcomeUnknown, type Store } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { describe, expect, test, vi } from 'vitest';
import { deployed } from '../test/deployed.ts';
import { begunElsewhere, heldElsewhere } from '../test/elsewhere.ts';
import { consumer } from './consumer.ts';

interface Payment {
  readonly id: string;
  readonly amount: number;
}

const payment: Payment = { id: 'pay-1', amount: 12 };
const operation = 'charge';
const key = (message: Payment): string => message.id;
const charge = async ({ id }: Payment): Promise<string> => `charged ${id}`;
const never = (): Promise<never> => new Promise(() => {});

const work = { operation, key: payment.id };

describe('ack', () => {
  test('what was executed, with its value, and again what is replayed', async () => {
    const handler = vi.fn(charge);
    const consume = consumer(deployed().idempotency, { operation, key }, handler);
    expect(await consume(payment)).toEqual({
      do: 'ack',
      outcome: 'executed',
      value: 'charged pay-1',
    });
    expect(await consume(payment)).toEqual({
      do: 'ack',
      outcome: 'replayed',
      value: 'charged pay-1',
    });
    expect(handler).toHaveBeenCalledExactlyOnceWith(payment);
  });

  test('what runs without idempotency', async () => {
    const { idempotency } = deployed({ enabled: false });
    const consume = consumer(idempotency, { operation, key }, charge);
    expect(await consume(payment)).toMatchObject({ do: 'ack', outcome: 'bypassed' });
  });

  test('what is rehearsed in shadow, also where it would have been replayed', async () => {
    const consume = consumer(deployed().idempotency, { operation, key, enabled: 'shadow' }, charge);
    for (const outcome of ['executed', 'shadowed']) {
      expect(await consume(payment)).toEqual({ do: 'ack', outcome, value: 'charged pay-1' });
    }
    const fails = consumer(
      deployed().idempotency,
      { operation, key, enabled: 'shadow' },
      async (_: Payment) => {
        throw new Error('no');
      },
    );
    expect(await fails(payment)).toMatchObject({ do: 'retry', error: new Error('no') });
  });

  test('what keeps no result on purpose', async () => {
    const consume = consumer(deployed().idempotency, { operation, key, result: 'omit' }, charge);
    await consume(payment);
    expect(await consume(payment)).toEqual({ do: 'ack', outcome: 'replayed', value: undefined });
  });

  test('what is done but could not be stored, and its replay, which has no result', async () => {
    const handler = vi.fn(async (_: Payment) => () => 'no data');
    const consume = consumer(deployed().idempotency, { operation, key }, handler);
    const [first, second] = [await consume(payment), await consume(payment)];
    expect(first).toMatchObject({ do: 'ack', error: { code: 'RESULT_UNSERIALIZABLE' } });
    expect(second).toMatchObject({ do: 'ack', error: { code: 'RESULT_OMITTED' } });
    expect(handler).toHaveBeenCalledOnce();
  });

  test('what is done, where its offloaded result is gone', async () => {
    const oversized = { put: async () => {}, get: async () => undefined, delete: async () => {} };
    const options = { operation, key, oversized, maxResultBytes: 10 };
    const handler = async (_: Payment): Promise<string> => 'a long result'.repeat(10);
    const { idempotency, elsewhere } = deployed();
    await consumer(idempotency, options, handler)(payment);
    const verdict = await consumer(elsewhere(), options, handler)(payment);
    expect(verdict).toMatchObject({ do: 'ack', error: { code: 'RESULT_OMITTED' } });
  });
});

describe('retry without a time of our own', () => {
  test('what the handler threw, with its error; the next delivery executes', async () => {
    const error = new Error('gateway down');
    const handler = vi.fn(charge).mockRejectedValueOnce(error);
    const consume = consumer(deployed().idempotency, { operation, key }, handler);
    expect(await consume(payment)).toEqual({ do: 'retry', outcome: 'failed', error });
    expect(await consume(payment)).toMatchObject({ do: 'ack', outcome: 'executed' });
  });

  test.each([undefined, null, 'text', 0])('a handler that throws %s', async (thrown) => {
    const consume = consumer(deployed().idempotency, { operation, key }, async (_: Payment) => {
      throw thrown;
    });
    expect(await consume(payment)).toEqual({ do: 'retry', outcome: 'failed', error: thrown });
  });

  test('a handler that throws at once', async () => {
    const consume = consumer(deployed().idempotency, { operation, key }, (_: Payment) => {
      throw new Error('at once');
    });
    expect(await consume(payment)).toMatchObject({ do: 'retry', error: new Error('at once') });
  });

  test('refusals of another operation that the handler calls', async () => {
    const { idempotency } = await begunElsewhere({}, work);
    const nested = consumer(
      idempotency,
      { operation: 'outer', key },
      async (_: Payment) =>
        (await idempotency.execute({ operation, key: payment.id }, never)).value,
    );
    const verdict = await nested(payment);
    expect(verdict).toMatchObject({ do: 'retry', outcome: 'failed' });
    expect(verdict.error).toMatchObject({ code: 'IN_PROGRESS' });
    expect(verdict).not.toHaveProperty('afterMs');

    const keyless = consumer(
      idempotency,
      { operation: 'outer-2', key },
      async (_: Payment) =>
        (await idempotency.execute({ operation: 'inner', key: null }, never)).value,
    );
    expect(await keyless(payment)).toMatchObject({ do: 'retry', error: { code: 'KEY_MISSING' } });
  });

  test('a result that is not to be recorded, which the next delivery works for again', async () => {
    const handler = vi.fn(charge);
    const verdict = (): 'release' => 'release';
    const consume = consumer(deployed().idempotency, { operation, key, verdict }, handler);
    for (const _ of [1, 2]) {
      expect(await consume(payment)).toEqual({
        do: 'retry',
        outcome: 'failed',
        value: 'charged pay-1',
      });
    }
    expect(handler).toHaveBeenCalledTimes(2);
  });

  test('what took too long', async () => {
    const options = { operation, key, maxDuration: '20ms' } as const;
    const stuck = (_: Payment): Promise<never> => never();
    const verdict = await consumer(deployed().idempotency, options, stuck)(payment);
    expect(verdict).toMatchObject({
      do: 'retry',
      outcome: 'timed_out',
      error: { code: 'TIMED_OUT' },
    });
    expect(verdict).not.toHaveProperty('afterMs');
  });

  test('what comes when the process is closing, and what is under way ends with an ack', async () => {
    const { idempotency } = deployed();
    const finish = Promise.withResolvers<void>();
    const consume = consumer(idempotency, { operation, key }, async (message: Payment) => {
      await finish.promise;
      return charge(message);
    });
    const running = consume(payment);
    const acked = vi.fn();
    void running.then(acked);
    const closed = idempotency.close();
    const late = await consume({ id: 'pay-2', amount: 1 });
    expect(late).toMatchObject({ do: 'retry', error: { code: 'CLOSED' } });
    expect(late).not.toHaveProperty('afterMs');
    finish.resolve();
    await closed;
    expect(acked).toHaveBeenCalledExactlyOnceWith({
      do: 'ack',
      outcome: 'executed',
      value: 'charged pay-1',
    });
  });

  test('what lost its lease', async () => {
    const { idempotency } = deployed();
    const consume = consumer(idempotency, { operation, key }, async (_: Payment) => {
      const { records } = await idempotency.records.list({ operation });
      await idempotency.records.delete(records[0]!.id);
    });
    const verdict = await consume(payment);
    expect(verdict).toMatchObject({ do: 'retry', outcome: 'lease_lost' });
    expect(verdict).not.toHaveProperty('afterMs');
  });

  test('what the store cannot be asked about, unless it is to be executed then', async () => {
    const store: Store = {
      ...memoryStore(),
      acquire: async () => {
        throw new Error('connection refused');
      },
    };
    const { idempotency } = deployed({ store, storeTimeout: '50ms' });
    const handler = vi.fn(charge);
    const consume = consumer(idempotency, { operation, key }, handler);
    const verdict = await consume(payment);
    expect(verdict).toMatchObject({ do: 'retry', outcome: 'store_error' });
    expect(verdict).not.toHaveProperty('afterMs');
    expect(handler).not.toHaveBeenCalled();

    const options = { operation, key, storeOutage: 'execute' } as const;
    expect(await consumer(idempotency, options, charge)(payment)).toMatchObject({
      do: 'ack',
      outcome: 'bypassed',
    });
    const fails = consumer(idempotency, options, async (_: Payment) => {
      throw new Error('no');
    });
    expect(await fails(payment)).toMatchObject({ do: 'retry', error: new Error('no') });
  });
});

describe('retry after a time', () => {
  test('what is in progress elsewhere, when that may be done', async () => {
    const { idempotency } = await begunElsewhere({}, work);
    const verdict = await consumer(idempotency, { operation, key }, charge)(payment);
    expect(verdict).toMatchObject({ do: 'retry', outcome: 'in_progress' });
    const { error } = verdict;
    if (!isIdempotencyError(error, 'IN_PROGRESS')) throw error;
    expect(verdict.afterMs).toBe(Math.max(100, error.retryAfterMs!));
  });

  test('what is held, or given up where that is said', async () => {
    const { idempotency } = await heldElsewhere({ abandoned: 'hold' }, work);
    const verdict = await consumer(idempotency, { operation, key }, charge)(payment);
    expect(verdict).toMatchObject({ do: 'retry', outcome: 'held', afterMs: 30_000 });
    const strict = consumer(idempotency, { operation, key, held: 'reject' }, charge);
    const rejected = await strict(payment);
    expect(rejected).toMatchObject({ do: 'reject', error: { code: 'HELD' } });
    expect(rejected).not.toHaveProperty('afterMs');
  });

  test.each([
    [
      'thrown',
      async (_: Payment): Promise<unknown> => {
        throw outcomeUnknown(new Error('timed out'));
      },
      {},
    ],
    [
      'declared',
      async (_: Payment): Promise<unknown> => {
        currentExecution().declareUnknown(new Error('timed out'));
        return 'sent';
      },
      {},
    ],
    ['judged', charge as (message: Payment) => Promise<unknown>, { verdict: () => 'unknown' }],
  ] as const)('what nobody knows the outcome of, %s', async (_how, handler, own) => {
    const options = { operation, key, abandoned: 'hold', ...own } as const;
    const { idempotency } = deployed();
    const first = await consumer(idempotency, options, handler)(payment);
    expect(first).toMatchObject({ do: 'retry', outcome: 'unknown', afterMs: 30_000 });
    expect(await consumer(idempotency, options, handler)(payment)).toMatchObject({
      do: 'retry',
      outcome: 'held',
      afterMs: 30_000,
    });
    const strict = { ...options, held: 'reject' } as const;
    const rejected = await consumer(idempotency, strict, handler)({ id: 'pay-2', amount: 1 });
    expect(rejected).toMatchObject({ do: 'reject', outcome: 'unknown' });
  });

  test('what a probe could not find out', async () => {
    const error = new Error('gateway down');
    const abandoned = (): never => {
      throw error;
    };
    const { idempotency } = await heldElsewhere({ abandoned }, work);
    expect(await consumer(idempotency, { operation, key }, charge)(payment)).toEqual({
      do: 'retry',
      outcome: 'held',
      afterMs: 30_000,
      error,
    });
  });
});

describe('when it is made, refuses', () => {
  const { idempotency } = deployed();
  test.each([
    ['held', { operation, key, held: 'ack' }, charge],
    ['recorded', { operation, key, recorded: 'retry' }, charge],
    ['failure', { operation, key, failure: 'ignore' }, charge],
    ['operation', { operation: ' ', key }, charge],
    ['operation', { key }, charge],
    ['options', undefined, charge],
    ['handler', { operation, key }, undefined],
    ['handler', { operation, key }, function* () {}],
    ['handler', { operation, key }, async function* () {}],
    ['heldd', { operation, key, heldd: 'retry' }, charge],
  ])('a wrong %s', (name, options, handler) => {
    const make = (): unknown => consumer(idempotency, options as never, handler as never);
    expect(make).toThrow(expect.objectContaining({ code: 'OPTIONS_INVALID' }));
    expect(make).toThrow(name);
  });

  test('something else than an idempotency', () => {
    expect(() => consumer(undefined as never, { operation, key }, charge)).toThrow('idempotency');
  });
});

test('key, scope, fingerprint and handler get all arguments of the delivery', async () => {
  const spy = vi.fn();
  const own = { key: spy.mockReturnValue('k'), scope: spy, fingerprint: spy };
  const handler = vi.fn(async (_a: string, _b: number) => 'done');
  await consumer(deployed().idempotency, { operation, ...own }, handler)('a', 1);
  expect(spy.mock.calls).toEqual([
    ['a', 1],
    ['a', 1],
    ['a', 1],
  ]);
  expect(handler).toHaveBeenCalledWith('a', 1);
});
