import { currentExecution, IdempotencyError, type Store } from '@twiceproof/core';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { deployed, gate, settled } from './deployed.ts';

const options = { operation: 'work', key: (id: string) => id };

describe('settled', () => {
  it('tells that the function was executed, then replayed, with its record', async () => {
    const { idempotency } = deployed();
    const once = idempotency.wrap(async (id: string) => ({ id }), options);
    const first = await once.settled('a');
    expectTypeOf(first.value).toEqualTypeOf<{ id: string } | undefined>();
    expect(first).toMatchObject({
      outcome: 'executed',
      value: { id: 'a' },
      started: true,
      recorded: false,
      record: { id: await once.idOf('a'), status: 'completed' },
    });
    expect(first).not.toHaveProperty('error');
    expect(await once.settled('a')).toMatchObject({
      outcome: 'replayed',
      value: { id: 'a' },
      started: false,
      recorded: false,
      record: { status: 'completed' },
    });
    expect(await once.withRun(1).settled('a')).toMatchObject({
      outcome: 'executed',
      record: { run: 1 },
    });
  });

  it("tells a released error from a recorded one, and both from a replay's", async () => {
    const { idempotency } = deployed();
    const mine = new RangeError('mine');
    const failing = (failure: 'release' | 'record') =>
      idempotency.wrap(
        (_id: string): string => {
          throw mine;
        },
        { operation: failure, key: (id) => id, failure },
      );
    expect(await failing('release').settled('a')).toMatchObject({
      outcome: 'failed',
      error: mine,
      started: true,
      recorded: false,
    });
    expect(await failing('record').settled('a')).toMatchObject({
      outcome: 'failed',
      error: mine,
      started: true,
      recorded: true,
      record: { status: 'completed', lastError: { name: 'RangeError' } },
    });
    expect(await failing('record').settled('a')).toMatchObject({
      outcome: 'replayed_error',
      error: { name: 'RangeError', message: 'mine' },
      started: false,
      recorded: true,
    });
  });

  it('says that an error is there also if it is undefined', async () => {
    const { idempotency } = deployed();
    const answer = await idempotency.settled({ operation: 'work', key: 'a' }, () =>
      Promise.reject(undefined),
    );
    expect(answer).toMatchObject({ outcome: 'failed', started: true });
    expect(answer).toHaveProperty('error', undefined);
  });

  it('tells refusals with the record that is in the way', async () => {
    const { idempotency, elsewhere } = deployed();
    const work = gate<string>();
    const fingerprinted = {
      ...options,
      fingerprint: (_id: string, amount: number) => amount,
    };
    const once = idempotency.wrap((_id: string, _amount: number) => work.promise, fingerprinted);
    const first = once('a', 1);
    await settled();
    const other = elsewhere().wrap((_id: string, _amount: number) => 'other', fingerprinted);
    expect(await other.settled('a', 1)).toMatchObject({
      outcome: 'in_progress',
      error: { code: 'IN_PROGRESS', retryAfterMs: expect.any(Number) },
      started: false,
      recorded: false,
      record: { status: 'in_progress' },
    });
    expect(await other.settled('a', 2)).toMatchObject({ outcome: 'mismatch', started: false });
    work.resolve('done');
    await first;
  });

  it('tells that a result was not recorded because the lease was lost', async () => {
    const { idempotency } = deployed();
    const once = idempotency.wrap(async (_id: string) => {
      await idempotency.records.delete(currentExecution().id!);
    }, options);
    expect(await once.settled('a')).toMatchObject({
      outcome: 'lease_lost',
      error: { code: 'LEASE_LOST' },
      started: true,
      recorded: false,
    });
  });

  it('tells that a result cannot be kept of work that is done', async () => {
    const { idempotency } = deployed();
    const once = idempotency.wrap(async (_id: string) => () => 1, options);
    expect(await once.settled('a')).toMatchObject({
      outcome: 'executed',
      error: { code: 'RESULT_UNSERIALIZABLE' },
      started: true,
      recorded: false,
    });
    expect(await once.settled('a')).toMatchObject({
      outcome: 'replayed',
      error: { code: 'RESULT_OMITTED' },
      started: false,
    });
  });

  it('tells an outage, and work without idempotency', async () => {
    const { store } = deployed();
    const acquire: Store['acquire'] = () =>
      Promise.reject(new IdempotencyError('STORE_UNAVAILABLE', 'down'));
    const { idempotency } = deployed({ store: { ...store, acquire } });
    const work = { operation: 'work', key: 'a' };
    expect(await idempotency.settled(work, () => 1)).toMatchObject({
      outcome: 'store_error',
      error: { code: 'STORE_UNAVAILABLE' },
      started: false,
      record: undefined,
    });
    expect(await idempotency.settled({ ...work, storeOutage: 'execute' }, () => 1)).toMatchObject({
      outcome: 'bypassed',
      value: 1,
      started: true,
      recorded: false,
    });
  });

  it('does not reject for what cannot even be called', async () => {
    const { idempotency } = deployed();
    const once = idempotency.wrap((_id: string | undefined) => 1, options as never);
    expect(await once.settled(undefined)).toMatchObject({
      outcome: 'failed',
      error: { code: 'KEY_MISSING' },
      started: false,
    });
    const keyless = { operation: 'work' } as never;
    expect(await idempotency.settled(keyless, () => 1)).toMatchObject({
      outcome: 'failed',
      error: { code: 'OPTIONS_INVALID', message: expect.stringContaining('settled needs a key') },
      started: false,
    });
  });
});
