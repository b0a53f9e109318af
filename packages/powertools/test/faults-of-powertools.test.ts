import {
  IdempotencyConfig,
  makeIdempotent as makeIdempotentOfPowertools,
} from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createIdempotency } from '@twiceproof/core';
import { dynamodbStore } from '@twiceproof/dynamodb';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { makeIdempotent } from '../src/index.ts';
import { local } from './local.ts';
import { usePlaces } from './places.ts';
import { lambda } from './program.ts';

const places = usePlaces();
beforeAll(() => {
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', lambda);
  vi.spyOn(console, 'warn').mockReturnValue();
});
afterAll(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

type Order = { readonly id: string };

/** A client and a table for Powertools, and an engine of ours on a table beside it. */
async function bothEngines() {
  const { spec } = await places.open('DynamoDB');
  const awsSdkV3Client = new DynamoDBClient(local(spec.endpoint!));
  const store = dynamodbStore({ client: awsSdkV3Client, table: `${spec.table}-new` });
  await store.setup();
  return {
    persistenceStore: () =>
      new DynamoDBPersistenceLayer({ tableName: spec.table!, awsSdkV3Client } as never),
    idempotency: createIdempotency({ environment: 'test', store }),
  };
}

describe('two functions of one Lambda that are called with the same key', () => {
  const functions = () => ({
    charge: vi.fn(async function charge({ id }: Order) {
      return `charged ${id}`;
    }),
    ship: vi.fn(async function ship({ id }: Order) {
      return `shipped ${id}`;
    }),
  });

  test('share a record with Powertools: the second does not run, and answers what the first did', async () => {
    const { persistenceStore } = await bothEngines();
    const { charge, ship } = functions();
    const chargeOnce = makeIdempotentOfPowertools(charge, { persistenceStore: persistenceStore() });
    const shipOnce = makeIdempotentOfPowertools(ship, { persistenceStore: persistenceStore() });
    expect(await chargeOnce({ id: 'x' })).toBe('charged x');
    expect(await shipOnce({ id: 'x' })).toBe('charged x');
    expect(ship).not.toHaveBeenCalled();
  });

  test('have a record each with Twiceproof', async () => {
    const { idempotency } = await bothEngines();
    const { charge, ship } = functions();
    const chargeOnce = makeIdempotent(charge, { idempotency, operation: 'charge' });
    const shipOnce = makeIdempotent(ship, { idempotency, operation: 'ship' });
    expect(await chargeOnce({ id: 'x' })).toBe('charged x');
    expect(await shipOnce({ id: 'x' })).toBe('shipped x');
  });
});

describe('a result with an undefined property', () => {
  const remaining = { getRemainingTimeInMillis: () => 200 };

  test('makes Powertools throw after the effect, and repeat the effect after the lease', async () => {
    const { persistenceStore } = await bothEngines();
    const charge = vi.fn(async (_order: Order, _context: unknown) => ({
      ok: true,
      coupon: undefined,
    }));
    const chargeOnce = makeIdempotentOfPowertools(charge as never, {
      persistenceStore: persistenceStore(),
      config: new IdempotencyConfig({}),
    }) as unknown as typeof charge;
    await expect(chargeOnce({ id: 'x' }, remaining)).rejects.toThrow(
      'Failed to update success record',
    );
    await vi.waitFor(
      async () => {
        await chargeOnce({ id: 'x' }, remaining).catch(() => {});
        expect(charge).toHaveBeenCalledTimes(2);
      },
      { timeout: 20_000 },
    );
  });

  test('is recorded by Twiceproof, and replayed as it was', async () => {
    const { idempotency } = await bothEngines();
    const charge = vi.fn(async (_order: Order, _context: unknown) => ({
      ok: true,
      coupon: undefined,
    }));
    const chargeOnce = makeIdempotent(charge, { idempotency, operation: 'charge' });
    for (let call = 0; call < 3; call++) {
      expect(await chargeOnce({ id: 'x' }, remaining)).toStrictEqual({
        ok: true,
        coupon: undefined,
      });
    }
    expect(charge).toHaveBeenCalledTimes(1);
  });
});
