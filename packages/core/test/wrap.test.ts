import { createIdempotency, currentExecution, isIdempotencyError } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { deployed } from './deployed.ts';

interface Payment {
  readonly paymentId: string;
  readonly amount: number;
}

describe('wrap', () => {
  it('executes once and replays the result to every later call', async () => {
    const { idempotency } = deployed();
    const charge = vi.fn(async (payment: Payment) => ({ charged: payment.amount }));
    const once = idempotency.wrap(charge, {
      operation: 'charge',
      key: (payment) => payment.paymentId,
    });
    expect(await once({ paymentId: 'p1', amount: 5 })).toStrictEqual({ charged: 5 });
    expect(await once({ paymentId: 'p1', amount: 5 })).toStrictEqual({ charged: 5 });
    expect(await once({ paymentId: 'p2', amount: 7 })).toStrictEqual({ charged: 7 });
    expect(charge).toHaveBeenCalledTimes(2);
  });

  it('keeps argument and result types, and always answers a promise', () => {
    const { idempotency } = deployed();
    const once = idempotency.wrap((payment: Payment, note?: string) => `${payment.amount}${note}`, {
      operation: 'charge',
      key: (payment, note) => [payment.paymentId, note ?? ''],
    });
    expectTypeOf(once).parameters.toEqualTypeOf<[payment: Payment, note?: string | undefined]>();
    expectTypeOf(once).returns.toEqualTypeOf<Promise<string>>();
    expectTypeOf(once.execute).parameters.toEqualTypeOf<
      [payment: Payment, note?: string | undefined]
    >();
    expectTypeOf(once.withRun(1)).toEqualTypeOf(once);
    idempotency.wrap((payment: Payment) => payment, {
      operation: 'x',
      // @ts-expect-error a key function sees the arguments' types
      key: (payment) => payment.nope,
    });
  });

  it('answers copies: what a caller does to a result changes no later replay', async () => {
    const { idempotency } = deployed();
    const result = { list: [1], at: new Date(0), tags: new Map([['a', new Set([1n])]]) };
    const once = idempotency.wrap(async (_id: string) => result, { operation: 'copy' });
    const first = await once('a');
    const replayed = await once('a');
    expect(first).toBe(result);
    expect(replayed).not.toBe(result);
    expect(replayed).toStrictEqual(result);
    replayed.list.push(2);
    expect(await once('a')).toStrictEqual({ list: [1], at: new Date(0), tags: result.tags });
  });

  it('takes the whole argument list as the key unless told otherwise', async () => {
    const { idempotency } = deployed();
    const add = vi.fn((a: number, b: { n: number | null }) => a + (b.n ?? 0));
    const once = idempotency.wrap(add, { operation: 'add' });
    await once(1, { n: 2 });
    await once(1, { n: 2 });
    await once(1, { n: null });
    await once(2, { n: 2 });
    expect(add).toHaveBeenCalledTimes(3);
  });

  it('computes the key before the function runs, so mutating the input changes nothing', async () => {
    const { idempotency } = deployed();
    const mutate = vi.fn((order: { id: string }) => {
      order.id = 'changed';
      return 'done';
    });
    const once = idempotency.wrap(mutate, { operation: 'mutate', key: (order) => order.id });
    await once({ id: 'o1' });
    await once({ id: 'o1' });
    expect(mutate).toHaveBeenCalledTimes(1);
    expect(await idempotency.records.get(await once.idOf({ id: 'changed' }))).toBeUndefined();
  });

  it('keeps environments, operations and scopes apart', async () => {
    const { elsewhere } = deployed();
    const effect = vi.fn(async (_id: string) => 'done');
    const key = (id: string) => id;
    for (const idempotency of [
      elsewhere({ environment: 'prod' }),
      elsewhere({ environment: 'dev' }),
    ]) {
      await idempotency.wrap(effect, { operation: 'a', key })('1');
      await idempotency.wrap(effect, { operation: 'b', key })('1');
      await idempotency.wrap(effect, { operation: 'a', key, scope: 'tenant' })('1');
      await idempotency.wrap(effect, { operation: 'a', key, scope: () => 'other' })('1');
      await idempotency.wrap(effect, { operation: 'a', key })('1');
    }
    expect(effect).toHaveBeenCalledTimes(8);
  });

  it('re-executes on purpose with a run, and keeps the record of run 0', async () => {
    const { idempotency } = deployed();
    let count = 0;
    const once = idempotency.wrap(async (_id: string) => ++count, { operation: 'count' });
    expect(await once('a')).toBe(1);
    expect(await once.withRun(1)('a')).toBe(2);
    expect(await once.withRun(1)('a')).toBe(2);
    expect(await once('a')).toBe(1);
    const ids = [await once.idOf('a'), await once.withRun(1).idOf('a')];
    expect(ids[0]).toMatch(/^test\/count\/0\//);
    expect(ids[1]).toMatch(/^test\/count\/1\//);
  });

  it('tells how a call was answered', async () => {
    const { idempotency } = deployed();
    const once = idempotency.wrap(async (id: string) => `sent ${id}`, { operation: 'send' });
    const first = await once.execute('a');
    const second = await once.execute('a');
    expect(first).toMatchObject({ value: 'sent a', outcome: 'executed' });
    expect(second).toMatchObject({ value: 'sent a', outcome: 'replayed' });
    expect(second.record).toMatchObject({
      id: await once.idOf('a'),
      status: 'completed',
      attempt: 1,
      operation: 'send',
      environment: 'test',
      run: 0,
    });
    expect(second.record).not.toHaveProperty('token');
    expect(second.record).not.toHaveProperty('outcome');
  });

  it('passes `this` on', async () => {
    const { idempotency } = deployed();
    class Greeter {
      readonly greeting = 'hello';
      greet = idempotency.wrap(
        async function greet(this: Greeter, name: string) {
          return `${this.greeting} ${name}`;
        },
        { operation: 'greet' },
      );
    }
    expect(await new Greeter().greet('you')).toBe('hello you');
  });

  it('lets the function see its own execution, with a downstream key that is stable over attempts', async () => {
    const { idempotency } = deployed();
    const seen: { downstreamKey: string; attempt: number; fence: number; run: number }[] = [];
    const once = idempotency.wrap(
      async (_id: string) => {
        const { downstreamKey, attempt, fence, run, id, operation, signal } = currentExecution();
        seen.push({ downstreamKey, attempt, fence, run });
        expect({ id, operation }).toEqual({
          id: await once.withRun(run).idOf('a'),
          operation: 'see',
        });
        expect(signal.aborted).toBe(false);
        if (seen.length === 1) throw new Error('first attempt fails');
      },
      { operation: 'see' },
    );
    await expect(once('a')).rejects.toThrow('first attempt fails');
    await once('a');
    await once.withRun(1)('a');
    expect(seen.map(({ attempt, run }) => ({ attempt, run }))).toEqual([
      { attempt: 1, run: 0 },
      { attempt: 2, run: 0 },
      { attempt: 1, run: 1 },
    ]);
    expect(seen[1]!.downstreamKey).toBe(seen[0]!.downstreamKey);
    expect(seen[2]!.downstreamKey).not.toBe(seen[0]!.downstreamKey);
    expect(seen[1]!.fence).toBeGreaterThan(seen[0]!.fence);
  });

  it('lets a lazy result, such as a query that starts when it is awaited, see its execution', async () => {
    const query = (): PromiseLike<string> => ({
      // biome-ignore lint/suspicious/noThenProperty: what query builders answer
      then: (onAnswer) => Promise.resolve(currentExecution().operation).then(onAnswer),
    });
    const { idempotency } = deployed();
    expect(await idempotency.wrap(query, { operation: 'lazy', key: () => 'q' })()).toBe('lazy');
    const disabled = deployed({ missingKey: 'execute' }).idempotency;
    expect(await disabled.wrap(query, { operation: 'unkeyed', key: () => null })()).toBe('unkeyed');
  });

  it.each([{}, { enabled: false }])(
    'shows the execution as a plain object, also in a nested call with %o',
    async (own) => {
      vi.spyOn(console, 'warn').mockImplementation(() => {});
      const { idempotency } = deployed(own);
      const names = [
        ...['id', 'operation', 'run', 'attempt', 'fence', 'signal'],
        ...['downstreamKey', 'downstreamUuid', 'declareUnknown'],
      ];
      const seen = () => {
        const execution = currentExecution();
        expect(currentExecution()).toBe(execution);
        expect(Object.keys(execution)).toEqual(names);
        expect({ ...execution }).toStrictEqual(execution);
        const { id, fence, downstreamKey, downstreamUuid } = execution;
        expect(JSON.parse(JSON.stringify(execution))).toMatchObject({
          ...{ id, fence, downstreamKey, downstreamUuid },
        });
        expect(downstreamUuid).toMatch(/^[\da-f]{8}-[\da-f]{4}-8/);
        expect(id?.endsWith(downstreamKey)).toBe(true);
        return 1;
      };
      const key = () => 'k';
      const inner = idempotency.wrap(seen, { operation: 'inner', key });
      const outer = idempotency.wrap(async () => seen() + (await inner()), {
        operation: 'outer',
        key,
      });
      expect(await outer()).toBe(2);
      vi.restoreAllMocks();
    },
  );

  it('refuses currentExecution outside of an execution', () => {
    expect(() => currentExecution()).toThrow('OPTIONS_INVALID');
  });
});

describe('extend', () => {
  it('hands out a preset that is narrowed further', async () => {
    const { idempotency, clock } = deployed({ retention: '1h' });
    const count = vi.fn(async (_id: string) => 'done');
    const daily = idempotency.extend({ retention: '1d' }).wrap(count, { operation: 'daily' });
    const short = idempotency
      .extend({ retention: '1d' })
      .wrap(count, { operation: 'short', retention: '1m' });
    await daily('a');
    await short('a');
    await clock.advance(2 * 3_600_000);
    await daily('a');
    expect(count).toHaveBeenCalledTimes(2);
    await short('a');
    expect(count).toHaveBeenCalledTimes(3);
  });
});

describe('options', () => {
  it('left undefined are not chosen, and a retention for one outcome leaves the other', async () => {
    const { idempotency, clock } = deployed({ retention: '7d', missingKey: 'execute' });
    const work = vi.fn(async (_id: string | null) => 'done');
    const once = idempotency.extend({ missingKey: undefined }).wrap(work, {
      operation: 'work',
      key: (id) => id,
      retention: { failed: '1m' },
      missingKey: undefined,
    });
    await once('a');
    await once(null);
    await clock.advance(6 * 86_400_000);
    expect((await once.execute('a')).outcome).toBe('replayed');
    expect(work).toHaveBeenCalledTimes(2);
  });
});

describe('enabled: false', () => {
  it('runs the function without idempotency and says so once', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const store = memoryStore();
    const idempotency = createIdempotency({ environment: 'dev', store, enabled: false });
    const count = vi.fn(async (_id: string) => currentExecution().downstreamKey);
    const once = idempotency.wrap(count, { operation: 'count' });
    const keys = [await once('a'), await once('a')];
    expect(count).toHaveBeenCalledTimes(2);
    expect(keys[0]).toBe(keys[1]);
    expect((await idempotency.records.list()).records).toEqual([]);
    expect(warn.mock.calls.length).toBeLessThanOrEqual(1);
    warn.mockRestore();
  });

  it('shows the function the run and downstream key that it would have, whatever it does to its input', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const seen = async (order: { id: string }) => {
      order.id = 'changed';
      const { run, downstreamKey } = currentExecution();
      return { run, downstreamKey };
    };
    const how = { operation: 'see', key: (order: { id: string }) => order.id };
    const { idempotency } = deployed();
    const disabled = idempotency.extend({ enabled: false }).wrap(seen, how).withRun(3);
    expect(await disabled({ id: 'o' })).toEqual(
      await idempotency.wrap(seen, how).withRun(3)({ id: 'o' }),
    );
    vi.restoreAllMocks();
  });

  it('never fails a call for its key', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { idempotency } = deployed({ enabled: false });
    const once = idempotency.wrap(async (_id: string) => currentExecution().downstreamKey, {
      operation: 'x',
      key: () => {
        throw new Error('no key');
      },
    });
    expect(await once('a')).not.toBe(await once('a'));
    vi.restoreAllMocks();
  });
});

describe('isIdempotencyError', () => {
  it('knows errors of another copy of the package', () => {
    const foreign = Object.assign(new Error('x'), {
      code: 'IN_PROGRESS',
      [Symbol.for('twiceproof.error')]: true,
    });
    expect(isIdempotencyError(foreign)).toBe(true);
    expect(isIdempotencyError(foreign, 'IN_PROGRESS')).toBe(true);
    expect(isIdempotencyError(foreign, 'HELD')).toBe(false);
    expect(isIdempotencyError(new Error('x'))).toBe(false);
    expect(isIdempotencyError(undefined)).toBe(false);
  });
});
