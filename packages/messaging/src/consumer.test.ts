import { isIdempotencyError, type Store } from '@twiceproof/core';
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
  test.each([
    { lease: 10_000, least: 100, most: 30_000 },
    { lease: 90, least: 100, most: 100 },
    { lease: 600_000, least: 30_000, most: 30_000 },
  ])('what is in progress elsewhere under a lease of $lease ms', async ({ lease, least, most }) => {
    const { idempotency } = await begunElsewhere({ lease }, work);
    const verdict = await consumer(idempotency, { operation, key }, charge)(payment);
    expect(verdict).toMatchObject({ do: 'retry', outcome: 'in_progress' });
    const { error } = verdict;
    if (!isIdempotencyError(error, 'IN_PROGRESS')) throw error;
    expect(verdict.afterMs).toBe(Math.min(most, Math.max(least, error.retryAfterMs!)));
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

describe('reject', () => {
  const fail = async (_: Payment): Promise<never> => {
    throw new Error('card declined');
  };

  test.each([
    { where: 'of the consumer', defaults: {}, own: { failure: 'record' } as const },
    { where: 'of the deployment', defaults: { failure: 'record' } as const, own: {} },
  ])('what failed for good by a policy $where, first and again', async ({ defaults, own }) => {
    const handler = vi.fn(fail);
    const { idempotency } = deployed(defaults);
    const consume = consumer(idempotency, { operation, key, ...own }, handler);
    const error = expect.objectContaining({ message: 'card declined' });
    expect(await consume(payment)).toEqual({ do: 'reject', outcome: 'failed', error });
    expect(await consume(payment)).toEqual({ do: 'reject', outcome: 'replayed_error', error });
    expect(handler).toHaveBeenCalledOnce();
  });

  test('or acknowledges it where that is said, with its error all the same', async () => {
    const options = { operation, key, failure: 'record', recorded: 'ack' } as const;
    const consume = consumer(deployed().idempotency, options, fail);
    for (const outcome of ['failed', 'replayed_error']) {
      const verdict = await consume(payment);
      expect(verdict).toMatchObject({ do: 'ack', outcome, error: { message: 'card declined' } });
    }
  });

  const thrower = (): never => {
    throw new Error('no such field');
  };
  test.each([
    ['a key that throws', { key: thrower }],
    ['a key that is missing', { key: () => undefined }],
    ['a key that misses a part', { key: () => ['a', null] }],
    ['a key that cannot be encoded', { key: () => Symbol('x') as never }],
    ['a scope that throws', { key, scope: thrower }],
    ['a scope that is missing', { key, scope: () => undefined as never }],
    ['a fingerprint that throws', { key, fingerprint: thrower }],
    ['a fingerprint that cannot be encoded', { key, fingerprint: () => Symbol('x') as never }],
  ])('%s', async (_name, own) => {
    const handler = vi.fn(charge);
    const verdict = await consumer(deployed().idempotency, { operation, ...own }, handler)(payment);
    expect(verdict).toMatchObject({ do: 'reject', error: expect.anything() });
    expect(handler).not.toHaveBeenCalled();
  });

  test('another payload under the key, whether the first one is done or under way', async () => {
    const fingerprint = ({ amount }: Payment): number => amount;
    const { idempotency } = deployed();
    const consume = consumer(idempotency, { operation, key, fingerprint }, charge);
    await consume(payment);
    expect(await consume({ ...payment, amount: 13 })).toMatchObject({
      do: 'reject',
      outcome: 'mismatch',
    });
  });

  test.each([
    { what: 'of a newer version', change: { formatVersion: 99 } },
    { what: 'that is corrupt', change: { outcome: new Uint8Array([1, 2, 3]) } },
  ])('a record $what', async ({ change }) => {
    const { idempotency, store, elsewhere } = deployed();
    await consumer(idempotency, { operation, key }, charge)(payment);
    const altered: Store = {
      ...store,
      acquire: async (claim, options) => {
        const found = await store.acquire(claim, options);
        return { ...found, record: { ...found.record, ...change } } as typeof found;
      },
    };
    const consume = consumer(elsewhere({ store: altered }), { operation, key }, charge);
    expect(await consume(payment)).toMatchObject({
      do: 'reject',
      error: { code: 'RECORD_CORRUPT' },
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
