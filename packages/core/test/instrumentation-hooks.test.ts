import { AsyncLocalStorage } from 'node:async_hooks';
import { IdempotencyError, type InstrumentationHooks, type Observation } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { describe, expect, it, vi } from 'vitest';
import { deployed, settled } from './deployed.ts';

const options = { operation: 'work', key: (id: string) => id };

describe('instrumentation with hooks', () => {
  /** Notes the beginnings and ends of what it watches, which is all but the operation `unwatched`. */
  function hooked() {
    const order: string[] = [];
    const around =
      (name: string) =>
      <T>(_info: unknown, next: () => Promise<T>): Promise<T> => {
        order.push(name);
        return next();
      };
    const told: unknown[] = [];
    const traceparent = vi.fn(() => undefined);
    const begin = (name: string): Observation => {
      order.push(`${name} begins`);
      return {
        within: (work) => inside.run(name, work),
        end(failure) {
          order.push(`${name} ends`);
          if (failure) told.push(failure.error);
        },
      };
    };
    const of = {
      execute: around('execute'),
      run: around('run'),
      storeOperation: vi.fn((_info: unknown, next: () => Promise<never>) => next()),
    };
    const hooks: InstrumentationHooks = {
      of,
      execute: ({ operation }) => (operation === 'unwatched' ? undefined : begin('hooked call')),
      run: () => begin('hooked run'),
      storeOperation: ({ operation }) => begin(operation),
    };
    return { instrumentation: { ...of, hooks, traceparent }, order, told, traceparent };
  }
  const inside = new AsyncLocalStorage<string>();

  it('is told of beginnings and ends, and active in between', async () => {
    const { instrumentation, order } = hooked();
    const { idempotency } = deployed({ instrumentation });
    const seen: unknown[] = [];
    const once = idempotency.wrap(async (_id: string) => {
      seen.push(inside.getStore());
      await settled();
      seen.push(inside.getStore());
    }, options);
    await once('a');
    expect(seen).toEqual(['hooked run', 'hooked run']);
    await once('a');
    expect(order).toEqual([
      'hooked call begins',
      'acquire begins',
      'acquire ends',
      'hooked run begins',
      'hooked run ends',
      'complete begins',
      'complete ends',
      'hooked call ends',
      'hooked call begins',
      'acquire begins',
      'acquire ends',
      'hooked call ends',
    ]);
    expect(inside.getStore()).toBeUndefined();
  });

  it('is told what a call and its function threw, whether there was a promise or not', async () => {
    const { instrumentation, told } = hooked();
    const { idempotency } = deployed({ instrumentation });
    const declined = new Error('declined');
    const failing = idempotency.wrap((_id: string) => Promise.reject(declined), options);
    await expect(failing('a')).rejects.toBe(declined);
    expect(told).toEqual([declined, declined]);
    const keyless = idempotency.wrap((_id: string) => 1, { ...options, key: () => undefined });
    const refusal = await keyless('b').catch((error) => error);
    expect(refusal).toMatchObject({ code: 'KEY_MISSING' });
    expect(told).toEqual([declined, declined, refusal]);
  });

  it('is told nothing more of a call that it does not watch', async () => {
    const { instrumentation, order, traceparent } = hooked();
    const { idempotency } = deployed({ instrumentation });
    const once = idempotency.wrap(async (_id: string) => 'ok', {
      ...options,
      operation: 'unwatched',
    });
    expect([await once('a'), await once('a')]).toEqual(['ok', 'ok']);
    expect(order).toEqual([]);
    expect(traceparent).not.toHaveBeenCalled();
  });

  it('changes nothing when it cannot hear of an end: nothing is asked for or executed again', async () => {
    const { instrumentation } = hooked();
    const deaf = (): Observation => ({
      within: (work) => work(),
      end() {
        throw new Error('telemetry is down');
      },
    });
    const hooks = {
      of: instrumentation.hooks.of,
      execute: deaf,
      run: deaf,
      storeOperation: vi.fn(deaf),
    };
    const { idempotency } = deployed({ instrumentation: { ...instrumentation, hooks } });
    const work = vi.fn(async (_id: string) => 'ok');
    const once = idempotency.wrap(work, options);
    expect([await once('a'), await once('a')]).toEqual(['ok', 'ok']);
    expect(work).toHaveBeenCalledTimes(1);
    // Two claims and a completion.
    expect(hooks.storeOperation).toHaveBeenCalledTimes(3);
    const declined = new Error('declined');
    const failing = idempotency.wrap((_id: string) => Promise.reject(declined), options);
    await expect(failing('b')).rejects.toBe(declined);
  });

  it('is told once of a request that was given up, also if the store answers after all', async () => {
    const { instrumentation, order, told } = hooked();
    const late = Promise.withResolvers<never>();
    const { idempotency, clock } = deployed({
      instrumentation,
      store: { ...memoryStore(), acquire: () => late.promise },
      storeTimeout: '1s',
    });
    const call = idempotency.wrap(async (_id: string) => 'ok', options)('a');
    const refused = expect(call).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await clock.advance(1_000);
    await refused;
    const ends = ['hooked call begins', 'acquire begins', 'acquire ends', 'hooked call ends'];
    expect(order).toEqual(ends);
    expect(told).toEqual([
      expect.objectContaining({ message: 'no answer to acquire within 1000 ms' }),
      expect.objectContaining({ code: 'STORE_UNAVAILABLE' }),
    ]);
    late.resolve({ status: 'existing' } as never);
    await settled();
    expect(order).toEqual(ends);
  });

  it('is told of a store that throws before there is anything to wait for', async () => {
    const { instrumentation, told } = hooked();
    const broken = new IdempotencyError('RECORD_CORRUPT', 'broken');
    const acquire = (): never => {
      throw broken;
    };
    const { idempotency } = deployed({ instrumentation, store: { ...memoryStore(), acquire } });
    const call = idempotency.wrap(async (_id: string) => 'ok', options)('a');
    await expect(call).rejects.toMatchObject({ code: 'RECORD_CORRUPT' });
    expect(told[0]).toBe(broken);
    expect(told).toHaveLength(2);
  });

  it('is asked by its methods where one of them was decorated', async () => {
    const { instrumentation, order } = hooked();
    const { idempotency } = deployed({
      instrumentation: {
        ...instrumentation,
        execute(call, next) {
          order.push('decorated');
          return instrumentation.execute(call, next);
        },
      },
    });
    await idempotency.wrap(async (_id: string) => 'ok', options)('a');
    expect(order).toEqual(['decorated', 'execute', 'run']);
  });
});
