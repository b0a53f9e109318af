import {
  type CallInfo,
  type Instrumentation,
  registerInstrumentation,
  tiered,
} from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { virtualClock } from '@twiceproof/testing/clock';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { deployed, gate, settled } from './deployed.ts';

const options = { operation: 'work', key: (id: string) => id };

/** Notes how each call ended, and counts the rest. */
function watching() {
  const calls: CallInfo[] = [];
  const order: string[] = [];
  const around =
    (name: string) =>
    async <T>(_info: unknown, next: () => Promise<T>): Promise<T> => {
      order.push(`${name} begins`);
      try {
        return await next();
      } finally {
        order.push(`${name} ends`);
      }
    };
  const instrumentation = {
    execute: async (call, next) => {
      calls.push(call);
      return around('execute')(call, next);
    },
    run: around('run'),
    wait: around('wait'),
    leaseLost: vi.fn(),
    resultEncoded: vi.fn(),
    traceparent: vi.fn(() => `00-${'a'.repeat(32)}-${String(calls.length).padStart(16, '0')}-01`),
  } satisfies Instrumentation;
  const outcomes = () => calls.map(({ outcome }) => outcome);
  return { instrumentation, calls, order, outcomes };
}

describe('instrumentation', () => {
  afterEach(() => registerInstrumentation(undefined));

  it('that cannot tell its span keeps no function from running, and is no failure of it', async () => {
    const { instrumentation } = watching();
    const traceparent = (): never => {
      throw new Error('no such span');
    };
    const { idempotency, store } = deployed({
      instrumentation: { ...instrumentation, traceparent },
    });
    const once = idempotency.wrap((_id: string) => 'ok', { ...options, failure: 'record' });
    expect(await once('a')).toBe('ok');
    expect(await store.get(await once.idOf('a'))).toMatchObject({ status: 'completed' });
  });

  it('is around every call, and around the function only when it runs', async () => {
    const { instrumentation, order, calls, outcomes } = watching();
    const { idempotency } = deployed({ instrumentation });
    const once = idempotency.wrap(async (_id: string) => 'ok', options);
    await once('a');
    await once('a');
    expect(order).toEqual([
      'execute begins',
      'run begins',
      'run ends',
      'execute ends',
      'execute begins',
      'execute ends',
    ]);
    expect(outcomes()).toEqual(['executed', 'replayed']);
    expect(calls[0]).toMatchObject({
      id: await once.idOf('a'),
      operation: 'work',
      attempt: 1,
      keyPreview: 'a',
    });
    expect(calls[0]!.fence).toBeGreaterThan(0);
    expect(instrumentation.resultEncoded).toHaveBeenCalledTimes(1);
  });

  it('lets a replay point at the execution that it replays', async () => {
    const { instrumentation, calls } = watching();
    const { idempotency } = deployed({ instrumentation });
    const once = idempotency.wrap(async (_id: string) => 'ok', options);
    await once('a');
    await once('a');
    expect(calls[1]!.record?.traceparent).toBe(`00-${'a'.repeat(32)}-0000000000000001-01`);
  });

  it('tells every way in which a call can end', async () => {
    const { instrumentation, outcomes } = watching();
    const { idempotency, elsewhere, clock } = deployed({
      instrumentation,
      lease: '3s',
      heartbeat: false,
    });
    const work = gate<string>();
    const first = idempotency
      .wrap(
        (_id: string) => work.promise,
        options,
      )('a')
      .catch(() => {});
    await settled();
    const other = elsewhere();
    await other
      .wrap(
        (_id: string) => 1,
        options,
      )('a')
      .catch(() => {});
    await clock.advance(3_000);
    await elsewhere({ abandoned: 'hold' })
      .wrap(
        (_id: string) => 1,
        options,
      )('a')
      .catch(() => {});
    await other.wrap((_id: string) => 'taken', options)('a');
    work.resolve('late');
    await first;
    const failing = other.wrap((_id: string) => Promise.reject(new Error('no')), {
      ...options,
      failure: 'record',
    });
    await failing('b').catch(() => {});
    await failing('b').catch(() => {});
    await other
      .wrap((_id: string) => 1, { ...options, key: () => undefined })('c')
      .catch(() => {});
    await other.wrap((_id: string) => 1, {
      ...options,
      key: () => undefined,
      missingKey: 'execute',
    })('c');
    const marked = (mark: number) =>
      other.wrap((_id: string) => 1, { ...options, fingerprint: () => mark });
    await marked(1)('d');
    await marked(2)('d').catch(() => {});
    expect(outcomes()).toEqual([
      'lease_lost',
      'in_progress',
      'held',
      'executed',
      'failed',
      'replayed_error',
      'failed',
      'bypassed',
      'executed',
      'mismatch',
    ]);
    expect(instrumentation.leaseLost).toHaveBeenCalledTimes(1);
  });

  it('is around the time spent waiting', async () => {
    const { instrumentation, order, outcomes } = watching();
    const { idempotency, elsewhere, clock } = deployed({ inProgress: 'wait' });
    const work = gate<string>();
    const first = idempotency.wrap((_id: string) => work.promise, options)('a');
    await settled();
    const second = elsewhere({ instrumentation }).wrap((_id: string) => 'x', options)('a');
    await clock.advance(100);
    work.resolve('done');
    await first;
    await clock.advance(5_000);
    expect(await second).toBe('done');
    expect(order).toEqual(['execute begins', 'wait begins', 'wait ends', 'execute ends']);
    expect(outcomes()).toEqual(['replayed']);
  });

  it('changes nothing when it fails: the result of a function that ran is recorded and answered', async () => {
    const down = (): never => {
      throw new Error('telemetry is down');
    };
    const instrumentation: Instrumentation = {
      execute: (_call, next) => next(),
      async run(_call, next) {
        await next();
        return down();
      },
      leaseLost: down,
      resultEncoded: down,
      tierLookup: down,
      operatorAction: down,
    };
    const clock = virtualClock();
    const { idempotency } = deployed({
      instrumentation,
      lease: '3s',
      heartbeat: false,
      runtime: { clock },
      store: tiered([memoryStore({ clock }), memoryStore({ clock })]),
    });
    const work = vi.fn(async (_id: string) => 'ok');
    const once = idempotency.wrap(work, options);
    expect(await once('a')).toBe('ok');
    expect(await once.execute('a')).toMatchObject({ value: 'ok', outcome: 'replayed' });
    expect(work).toHaveBeenCalledTimes(1);
    const long = gate<string>();
    const late = idempotency.wrap((_id: string) => long.promise, options)('b');
    await settled();
    await clock.advance(3_000);
    long.resolve('late');
    expect(await late).toBe('late');
    expect(await idempotency.records.delete(await once.idOf('a'))).toBe(true);
  });

  it('may be an object whose methods need `this`', async () => {
    class Watching implements Instrumentation {
      readonly lookups: boolean[] = [];
      execute<T>(_call: CallInfo, next: () => Promise<T>): Promise<T> {
        return next();
      }
      tierLookup(_storeName: string, hit: boolean): void {
        this.lookups.push(hit);
      }
    }
    const instrumentation = new Watching();
    const { idempotency } = deployed({
      instrumentation,
      store: tiered([memoryStore(), memoryStore()]),
    });
    const once = idempotency.wrap(async (_id: string) => 'ok', options);
    await once('a');
    await settled();
    await once('a');
    expect(instrumentation.lookups).toEqual([false, true]);
  });

  it('can be registered for the whole process, after the functions were wrapped', async () => {
    const { instrumentation, outcomes } = watching();
    const { idempotency } = deployed();
    const once = idempotency.wrap(async (_id: string) => 'ok', options);
    registerInstrumentation(instrumentation);
    await once('a');
    registerInstrumentation(undefined);
    await once('a');
    expect(outcomes()).toEqual(['executed']);
  });
});
