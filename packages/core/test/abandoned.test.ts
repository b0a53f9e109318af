import {
  type AbandonedRecord,
  currentExecution,
  type IdempotencyOptions,
  type Store,
} from '@twiceproof/core';
import { describe, expect, it, vi } from 'vitest';
import { type Deployed, deployed, settled } from './deployed.ts';

const options = { operation: 'work', key: (id: string) => id };

/** A process that claims the record and is never heard of again. */
async function crashed(own: Partial<IdempotencyOptions>): Promise<Deployed> {
  const deployment = deployed({ lease: '3s', heartbeat: false, ...own });
  void deployment.elsewhere().wrap((_id: string) => new Promise<string>(() => {}), options)('a');
  await settled();
  await deployment.clock.advance(3_001);
  return deployment;
}

describe('abandoned', () => {
  it("'reexecute' takes the record over, as the next attempt with a higher fence", async () => {
    const { idempotency } = await crashed({});
    const once = idempotency.wrap(async (_id: string) => 'second', options);
    const crashedRecord = await idempotency.records.get(await once.idOf('a'));
    const { record, value } = await once.execute('a');
    expect(value).toBe('second');
    expect(record).toMatchObject({ attempt: 2, status: 'completed' });
    expect(record!.fence).toBeGreaterThan(crashedRecord!.fence);
  });

  it("'hold' refuses with HELD until an operator releases or completes it", async () => {
    const { idempotency } = await crashed({ abandoned: 'hold' });
    const work = vi.fn(async (_id: string) => 'executed');
    const once = idempotency.wrap(work, options);
    await expect(once('a')).rejects.toMatchObject({ code: 'HELD' });
    await expect(once('a')).rejects.toMatchObject({ code: 'HELD' });
    expect(work).not.toHaveBeenCalled();
    const id = await once.idOf('a');
    expect(await idempotency.records.release(id, { reason: 'effect did not happen' })).toBe(true);
    expect(await idempotency.records.get(id)).toMatchObject({
      status: 'failed',
      lastError: { message: 'effect did not happen' },
    });
    expect(await once('a')).toBe('executed');
  });

  it("'hold' does not hold what never started, because its claim was answered too late", async () => {
    const { store, clock, elsewhere } = deployed({ abandoned: 'hold' });
    const late: Store = {
      ...store,
      async acquire(claim, request) {
        const answer = await store.acquire(claim, request);
        await clock.advance(4_000);
        return answer;
      },
    };
    const work = vi.fn(async (_id: string) => 'executed');
    const tooLate = elsewhere({ store: late, lease: '3s', heartbeat: false }).wrap(work, options);
    await expect(tooLate('a')).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(work).not.toHaveBeenCalled();
    expect(await elsewhere().wrap(work, options)('a')).toBe('executed');
  });

  it("'hold' keeps the record for longer than any retention", async () => {
    const { idempotency, clock } = await crashed({ abandoned: 'hold', retention: '1h' });
    await clock.advance(365 * 86_400_000);
    const once = idempotency.wrap(async (_id: string) => 'executed', options);
    await expect(once('a')).rejects.toMatchObject({ code: 'HELD' });
    expect(await idempotency.records.complete(await once.idOf('a'), 'found in the ledger')).toBe(
      true,
    );
    expect(await once.execute('a')).toMatchObject({
      value: 'found in the ledger',
      outcome: 'replayed',
    });
  });

  it('a probe that found the effect completes the record without executing', async () => {
    const probe = vi.fn(async () => ({ completed: { charge: 'ch_1' } }));
    const { idempotency } = await crashed({ abandoned: probe });
    const work = vi.fn(async (_id: string) => ({ charge: 'ch_2' }));
    const once = idempotency.wrap(work, options);
    expect(await once.execute('a')).toMatchObject({
      value: { charge: 'ch_1' },
      outcome: 'replayed',
    });
    expect(await once('a')).toStrictEqual({ charge: 'ch_1' });
    expect(work).not.toHaveBeenCalled();
    expect(probe).toHaveBeenCalledTimes(1);
    expect(probe).toHaveBeenCalledWith(expect.objectContaining({ attempt: 1, operation: 'work' }));
  });

  it('a probe that found a result larger than any outcome completes the record without it', async () => {
    const large = new Uint8Array(64 * 1024 * 1024);
    const { idempotency } = await crashed({ abandoned: () => ({ completed: large }) });
    const work = vi.fn(async (_id: string) => large);
    const once = idempotency.wrap(work, options);
    await expect(once('a')).rejects.toMatchObject({ code: 'RESULT_OMITTED' });
    expect(await idempotency.records.get(await once.idOf('a'))).toMatchObject({
      status: 'completed',
    });
    expect(work).not.toHaveBeenCalled();
  });

  it('a probe gets the downstream key and UUID that the crashed attempt had', async () => {
    const { elsewhere, clock } = deployed({ lease: '3s', heartbeat: false });
    let used: readonly string[] = [];
    void elsewhere().wrap((_id: string): Promise<unknown> => {
      const { downstreamKey, downstreamUuid } = currentExecution();
      used = [downstreamKey, downstreamUuid];
      return new Promise(() => {});
    }, options)('a');
    await settled();
    await clock.advance(3_001);
    const abandoned = vi.fn(({ downstreamKey, downstreamUuid }: AbandonedRecord) => ({
      completed: [downstreamKey, downstreamUuid],
    }));
    const once = elsewhere({ abandoned }).wrap(
      async (_id: string): Promise<unknown> => '',
      options,
    );
    expect(await once('a')).toEqual(used);
    expect(used[0]).toMatch(/^[\w-]{43}$/);
    expect(used[1]).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });

  it('a probe can ask for re-execution, or hold', async () => {
    const again = await crashed({ abandoned: () => 'reexecute' });
    expect(await again.idempotency.wrap(async (_id: string) => 'again', options)('a')).toBe(
      'again',
    );
    const held = await crashed({ abandoned: () => 'hold' });
    await expect(held.idempotency.wrap(async (_id: string) => 1, options)('a')).rejects.toThrow(
      'HELD',
    );
  });

  it('concurrent probes lead to one execution', async () => {
    const { idempotency, elsewhere } = await crashed({
      abandoned: () => 'reexecute',
      inProgress: 'wait',
    });
    const work = vi.fn(async (_id: string) => 'again');
    const processes = [idempotency, elsewhere(), elsewhere()];
    const calls = Promise.all(processes.map((process) => process.wrap(work, options)('a')));
    expect(await calls).toEqual(['again', 'again', 'again']);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('executes nothing when the store fails after a probe found the effect', async () => {
    const { clock, store, elsewhere } = await crashed({
      abandoned: () => ({ completed: 'found' }),
      storeOutage: 'execute',
    });
    let asked = 0;
    const outcomes: unknown[] = [];
    const dropping: Store = {
      ...store,
      acquire: (...request) =>
        ++asked === 1 ? store.acquire(...request) : Promise.reject(new Error('ECONNRESET')),
    };
    const work = vi.fn(async (_id: string) => 'executed');
    const once = elsewhere({
      store: dropping,
      instrumentation: {
        execute: (call, next) => next().finally(() => outcomes.push(call.outcome, call.error)),
      },
    }).wrap(work, options);
    const refused = once('a').catch((error: unknown) => error);
    await clock.advance(10_000);
    expect(await refused).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(outcomes).toEqual(['store_error', await refused]);
    expect(work).not.toHaveBeenCalled();
  });

  it('refuses a found value that cannot be recorded, with its path', async () => {
    const outcomes: unknown[] = [];
    const { idempotency } = await crashed({
      abandoned: () => ({ completed: { charge: () => 1 } }),
      instrumentation: {
        execute: (call, next) => next().finally(() => outcomes.push(call.outcome)),
      },
    });
    const once = idempotency.wrap(async (_id: string) => 1 as unknown, options);
    await expect(once('a')).rejects.toMatchObject({
      code: 'RESULT_UNSERIALIZABLE',
      path: 'charge',
      recordId: await once.idOf('a'),
    });
    expect(outcomes.at(-1)).toBe('held');
  });

  it("keeps a probe's own error, and executes nothing", async () => {
    const { idempotency } = await crashed({
      abandoned: () => {
        throw new RangeError('ledger is down');
      },
    });
    const work = vi.fn(async (_id: string) => 1);
    await expect(idempotency.wrap(work, options)('a')).rejects.toThrow(RangeError);
    expect(work).not.toHaveBeenCalled();
  });
});
