import { randomUUID } from 'node:crypto';
import {
  createIdempotency,
  currentExecution,
  type Idempotency,
  type IdempotencyOptions,
  type Store,
} from '@twiceproof/core';
import { flakyStore, type Outage, outage } from '@twiceproof/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Backend, backendNames, startBackend } from './backends.ts';

const options = { operation: 'work', key: (id: string) => id };

// Enough for an engine on a busy machine, and for the clock margin of one that has no clock.
const soon = { timeout: 30_000, interval: 50 };

describe.each(backendNames)('%s', (name) => {
  let backend: Backend;
  let own: Store;
  let others: Store;
  let idempotency: Idempotency;

  beforeAll(async () => {
    backend = await startBackend[name]();
    [own, others] = [await backend.open(), await backend.open()];
    // The first call of a store connects or opens a file, which takes a busy machine seconds.
    for (const store of [own, others]) {
      await on(store, { storeTimeout: '60s' }).execute(
        { operation: 'first', key: 'any' },
        () => {},
      );
    }
    idempotency = on(others);
  });
  afterAll(() => backend.stop());

  function on(store: Store, more: Partial<IdempotencyOptions> = {}): Idempotency {
    return createIdempotency({
      environment: 'outages',
      store,
      // Longer than a busy machine keeps a claim waiting.
      lease: '3s',
      storeTimeout: '5s',
      ...more,
    });
  }

  /** A process whose store can be taken away. */
  function interruptible(more: Partial<IdempotencyOptions> = {}): {
    readonly away: Outage;
    readonly process: Idempotency;
  } {
    const away = outage();
    return { away, process: on(flakyStore(own, away.plan), more) };
  }

  /** Waits until nobody has the lease of the record. */
  async function leaseOver(id: string): Promise<void> {
    await vi.waitFor(async () => {
      const { records } = await idempotency.records.list({ stuck: true });
      expect(records.map((record) => record.id)).toContain(id);
    }, soon);
  }

  function statusIs(id: string, status: string): Promise<void> {
    return vi.waitFor(async () => {
      expect(await idempotency.records.get(id)).toMatchObject({ status });
    }, soon);
  }

  it('settles a finished execution after an outage that was longer than its lease', async () => {
    const { away, process } = interruptible();
    const work = vi.fn(async (_id: string) => {
      away.begin();
      return 'done';
    });
    const once = process.wrap(work, options);
    const id = await once.idOf('settled late');
    const settled = await once.settled('settled late');
    expect(settled).toMatchObject({ outcome: 'store_error', started: true });
    await leaseOver(id);
    away.end();
    await statusIs(id, 'completed');
    expect(await idempotency.wrap(work, options).execute('settled late')).toMatchObject({
      value: 'done',
      outcome: 'replayed',
    });
    expect(work).toHaveBeenCalledTimes(1);
    expect(await process.close()).toEqual({ left: [] });
  });

  it('lets an execution have its lease back after an outage that was longer', async () => {
    const { away, process } = interruptible();
    const finish = Promise.withResolvers<string>();
    let signal: AbortSignal | undefined;
    const once = process.wrap((_id: string) => {
      signal = currentExecution().signal;
      return finish.promise;
    }, options);
    const id = await once.idOf('had back');
    const call = once('had back');
    await statusIs(id, 'in_progress');
    away.begin('renew');
    await leaseOver(id);
    // The process hears of it by a timer of its own, which may be later than the server's clock.
    await vi.waitFor(() => expect(signal?.aborted).toBe(true), soon);
    away.end();
    await vi.waitFor(async () => {
      const { records } = await idempotency.records.list({ stuck: true });
      expect(records.map((record) => record.id)).not.toContain(id);
    }, soon);
    const other = idempotency.wrap(async (_id: string) => 'other', options);
    await expect(other('had back')).rejects.toMatchObject({ code: 'IN_PROGRESS' });
    finish.resolve('done');
    expect(await call).toBe('done');
    expect(await process.close()).toEqual({ left: [] });
  });

  for (const abandoned of ['reexecute', 'hold'] as const) {
    it(`takes back a claim that lands after its caller was refused, abandoned: '${abandoned}'`, async () => {
      const late = flakyStore(own, ({ operation }) =>
        operation === 'acquire' ? { kind: 'request_late', delayMs: 700 } : undefined,
      );
      const process = on(late, { abandoned, lease: '30s', storeTimeout: '400ms' });
      const never = vi.fn(async (_id: string) => 'never');
      const once = process.wrap(never, options);
      const key = `landed late ${abandoned}`;
      const id = await once.idOf(key);
      expect(await once.settled(key)).toMatchObject({ outcome: 'store_error', started: false });
      // For how long it is in progress before that is a matter of luck.
      await statusIs(id, 'failed');
      // Each of its tries may land, and none of them blocks anybody.
      const other = on(others, { abandoned }).wrap(async (_id: string) => 'done', options);
      await vi.waitFor(async () => expect(await other(key)).toBe('done'), soon);
      expect(never).not.toHaveBeenCalled();
      expect(await process.close()).toEqual({ left: [] });
    });
  }

  it('leaves what took too long to its operator, and keeps a result that comes after all', async () => {
    const process = on(own, { maxDuration: '100ms', abandoned: 'hold' });
    const finish = Promise.withResolvers<string>();
    const once = process.wrap((_id: string) => finish.promise, options);
    expect(await once.settled('took long')).toMatchObject({ outcome: 'timed_out' });
    const { records } = await idempotency.records.list({ unknown: true });
    expect(records).toMatchObject([{ id: await once.idOf('took long') }]);
    await expect(once('took long')).rejects.toMatchObject({ code: 'HELD' });
    finish.resolve('after all');
    await statusIs(await once.idOf('took long'), 'completed');
    expect(await once('took long')).toBe('after all');
  });

  it('is closed under load without leaving a record that could have been settled', async () => {
    const process = on(own, { lease: '30s', storeTimeout: '30s' });
    const once = process.wrap(async (_id: string) => {
      await new Promise(setImmediate);
      return 'done';
    }, options);
    const load = randomUUID();
    const keys = Array.from({ length: 200 }, (_, at) => `${load} ${at}`);
    const calls = keys.map((key) => once.settled(key));
    const closing = process.close({ timeout: '60s' });
    const refused = await once.settled('too late');
    expect(refused).toMatchObject({ error: { code: 'CLOSED' }, started: false });
    expect(await closing).toEqual({ left: [] });
    for (const call of await Promise.all(calls)) {
      expect(call).toMatchObject({ outcome: 'executed', record: { status: 'completed' } });
    }
  });

  it('is closed in time with the store away, and names what is left', async () => {
    const { away, process } = interruptible({ storeTimeout: '60s' });
    const once = process.wrap(async (_id: string) => {
      away.begin();
      return 'done';
    }, options);
    const call = once.settled('left behind');
    await vi.waitFor(async () => {
      expect(await idempotency.records.get(await once.idOf('left behind'))).toBeDefined();
    }, soon);
    const closed = await process.close({ timeout: '500ms' });
    expect(closed).toEqual({ left: [await once.idOf('left behind')] });
    expect(await call).toMatchObject({ outcome: 'store_error', started: true });
  });
});
