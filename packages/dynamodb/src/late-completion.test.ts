import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Claim, Settlement } from '@twiceproof/core';
import { describe, expect, test } from 'vitest';
import { bytesOf, newClaim, newStore, useEmulator } from '../test/emulator.ts';
import { timeMachine } from '../test/time-machine.ts';
import { type DynamodbStore, storeOn } from './dynamodb-store.ts';

const emulator = useEmulator();

const done = { bytes: bytesOf('done'), retentionMs: 3_600_000 };
const failed = { error: { name: 'Error', message: 'no' }, retentionMs: 3_600_000 };

/** Gives up the client's next request, which stays on its way until it is let go. */
function holdUpNext(client: DynamoDBClient): () => Promise<unknown> {
  let letGo: (() => Promise<unknown>) | undefined;
  const holding = (next: (request: unknown) => Promise<unknown>) => async (request: unknown) => {
    if (letGo !== undefined) return next(request);
    letGo = () => next(request).catch((refusal: Error) => refusal.name);
    throw new Error('ETIMEDOUT');
  };
  client.middlewareStack.add(holding as never, { step: 'finalizeRequest', name: 'holding' });
  return () => letGo!();
}

const endings: Readonly<
  Record<string, (store: DynamodbStore, claim: Claim) => Promise<Settlement>>
> = {
  completed: (store, { id, token }) => store.complete(id, token, done),
  failed: (store, { id, token }) => store.release(id, token, failed),
};

describe.each(Object.entries(endings))('an end as %s whose first try is held up', (status, end) => {
  const givenUp = async (isOwnClaim: boolean) => {
    const world = timeMachine();
    const { table } = await newStore(emulator.client());
    const client = world.carry(emulator.client());
    const store = storeOn({ client, table }, world.clock);
    const claim = newClaim({ leaseMs: 10_000, retentionMs: 5_000 });
    const claimant = isOwnClaim
      ? store
      : storeOn({ client: world.carry(emulator.client()), table }, world.clock);
    await claimant.acquire(claim);
    await store.get(claim.id);
    world.pass(14_990);
    const letGo = holdUpNext(client);
    await expect(end(store, claim)).rejects.toThrow('ETIMEDOUT');
    world.pass(20);
    return { store, claim, letGo, world };
  };

  test.each([
    ['that this process claimed', true],
    ['that another one claimed', false],
  ])('is not refused as expired by a later one, for a record %s', async (_, isOwnClaim) => {
    const { store, claim, letGo } = await givenUp(isOwnClaim);
    expect((await end(store, claim)).status).toBe('done');
    expect(await letGo()).toBe('ConditionalCheckFailedException');
    expect((await store.get(claim.id))?.status).toBe(status);
  });

  test('is recognised where it lands first', async () => {
    const { store, claim, letGo } = await givenUp(true);
    await letGo();
    expect((await end(store, claim)).status).toBe('already_done');
  });

  test('ends a record that is held up no longer than until somebody else claims it', async () => {
    const { store, claim, letGo } = await givenUp(true);
    const next = newClaim({ id: claim.id });
    expect((await store.acquire(next)).status).toBe('acquired');
    expect((await end(store, claim)).status).toBe('lost');
    expect(await letGo()).toBe('ConditionalCheckFailedException');
    expect((await store.get(claim.id))?.token).toBe(next.token);
  });
});

test('an end that is asked for but once is refused when its record has expired', async () => {
  const world = timeMachine();
  const { table } = await newStore(emulator.client());
  const store = storeOn({ client: world.carry(emulator.client()), table }, world.clock);
  const claim = newClaim({ leaseMs: 10_000, retentionMs: 5_000 });
  await store.acquire(claim);
  world.pass(15_010);
  expect((await store.complete(claim.id, claim.token, done)).status).toBe('lost');
});
