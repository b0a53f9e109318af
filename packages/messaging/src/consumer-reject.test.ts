import type { Store } from '@twiceproof/core';
import { describe, expect, test, vi } from 'vitest';
import { deployed } from '../test/deployed.ts';
import { consumer } from './consumer.ts';

interface Payment {
  readonly id: string;
  readonly amount: number;
}

const payment: Payment = { id: 'pay-1', amount: 12 };
const operation = 'charge';
const key = (message: Payment): string => message.id;
const charge = async ({ id }: Payment): Promise<string> => `charged ${id}`;

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
