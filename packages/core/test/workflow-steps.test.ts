import { currentExecution, type Instrumentation, type Step } from '@twiceproof/core';
import { describe, expect, it, vi } from 'vitest';
import { deployed, gate, settled } from './deployed.ts';
import { interrupted } from './outage.ts';

const day = 86_400_000;
const byId = { operation: 'fulfil', key: (order: { id: string }) => order.id };
const order = { id: 'o1' };

describe('steps of a workflow', () => {
  it('are kept as long as the workflow may be restarted, and no longer than its record after that', async () => {
    const { idempotency, clock } = deployed();
    const charge = vi.fn(async () => 'charged');
    let fails = true;
    const fulfil = idempotency.workflow(async (_order: { id: string }, step: Step) => {
      await step('charge', charge);
      await step('note', charge, { retention: '1h' });
      if (fails) throw new Error('no carrier');
    }, byId);
    await expect(fulfil(order)).rejects.toThrow('no carrier');
    await clock.advance(30 * day);
    await expect(fulfil(order)).rejects.toThrow('no carrier');
    // Once, and its note twice, which had chosen to be kept for an hour.
    expect(charge).toHaveBeenCalledTimes(3);
    await clock.advance(300 * day);
    fails = false;
    await fulfil(order);
    await settled();
    expect(charge).toHaveBeenCalledTimes(4);
    const { records } = await idempotency.records.list({ operation: 'fulfil.charge' });
    const workflow = await idempotency.records.get(await fulfil.idOf(order));
    expect(records).toHaveLength(1);
    expect(Math.abs(records[0]!.expiresAt! - workflow!.expiresAt!)).toBeLessThan(1_000);
    await clock.advance(day);
    expect((await idempotency.records.list()).records).toEqual([]);
  });

  it('are kept no longer than the record either where that was completed late', async () => {
    const { store: truth, clock } = deployed();
    const { store, takeAway, bringBack } = interrupted(truth);
    const result = gate<unknown>();
    const ends: Record<string, () => Promise<unknown>> = {
      'after its time': async () => {
        await clock.advance(60_000);
        result.resolve('late');
      },
      'in the background': async () => {
        takeAway('complete');
        await clock.advance(20_000);
        bringBack();
        await clock.advance(10_000);
      },
      'without its result': async () => {},
    };
    const { idempotency } = deployed({ store, runtime: { clock }, storeTimeout: '1s' });
    for (const [how, end] of Object.entries(ends)) {
      const fulfil = idempotency.workflow(
        async (_order: { id: string }, step: Step) => {
          await step('charge', () => 'charged');
          if (how === 'in the background') takeAway('complete');
          if (how === 'without its result') return () => {};
          return how === 'after its time' ? result.promise : 'done';
        },
        { ...byId, maxDuration: '50s', abandoned: 'hold' },
      );
      const called = fulfil({ id: how }).catch((error: { code: string }) => error.code);
      await settled();
      await end();
      await called;
      await settled();
      const workflow = await fulfil.idOf({ id: how });
      expect(await idempotency.records.get(workflow)).toMatchObject({ status: 'completed' });
      const { records } = await idempotency.records.list({ workflow });
      expect(records).toMatchObject([{ status: 'completed' }]);
      expect(records[0]!.expiresAt! - clock.epoch(), how).toBeLessThan(2 * day);
    }
  });

  it('whose error is recorded are kept like those that completed', async () => {
    const { idempotency, clock } = deployed();
    const charge = vi.fn(async () => {
      throw new Error('card refused');
    });
    const fulfil = idempotency.workflow(
      (_order: { id: string }, step: Step) => step('charge', charge, { failure: 'record' }),
      byId,
    );
    await expect(fulfil(order)).rejects.toThrow('card refused');
    await clock.advance(7 * day);
    await expect(fulfil(order)).rejects.toThrow('card refused');
    expect(charge).toHaveBeenCalledTimes(1);
  });

  it('that were started end before the workflow does, also when another one fails', async () => {
    const { idempotency } = deployed();
    const label = gate<string>();
    const ship = vi.fn(() => label.promise);
    let fails = true;
    const fulfil = idempotency.workflow(
      (_order: { id: string }, step: Step) =>
        Promise.all([
          step('ship', ship),
          step('charge', async () => {
            if (fails) throw new Error('card refused');
            return 'charged';
          }),
        ]),
      byId,
    );
    const first = fulfil(order);
    let isOver = false;
    first.catch(() => {}).finally(() => (isOver = true));
    await settled();
    expect(isOver).toBe(false);
    label.resolve('label');
    await expect(first).rejects.toThrow('card refused');
    fails = false;
    expect(await fulfil(order)).toEqual(['label', 'charged']);
    expect(ship).toHaveBeenCalledTimes(1);
  });

  it('that nobody awaits are executed before the workflow is recorded, and so are those that follow', async () => {
    const { idempotency } = deployed();
    const mail = vi.fn(async () => 'sent');
    const fulfil = idempotency.workflow(async (_order: { id: string }, step: Step) => {
      void step('mail', mail).then(() => step('copy', mail));
      return 'done';
    }, byId);
    expect(await fulfil(order)).toBe('done');
    expect(mail).toHaveBeenCalledTimes(2);
    expect(await fulfil(order)).toBe('done');
    expect(mail).toHaveBeenCalledTimes(2);
  });

  it('wait for what an earlier attempt still executes', async () => {
    const { idempotency, elsewhere, clock } = deployed({ lease: '2s' });
    const label = gate<string>();
    const ship = vi.fn(() => label.promise);
    const body = (_order: { id: string }, step: Step) => step('ship', ship);
    const fulfil = idempotency.workflow(body, byId);
    const first = fulfil(order);
    const lost = expect(first).rejects.toMatchObject({ code: 'LEASE_LOST' });
    await settled();
    // An operator deletes the workflow's record while it runs, and it is started again.
    await idempotency.records.delete(await fulfil.idOf(order));
    const second = elsewhere().workflow(body, byId)(order);
    await settled();
    label.resolve('label');
    await settled();
    await clock.advance(1_000);
    expect(await second).toBe('label');
    await lost;
    expect(ship).toHaveBeenCalledTimes(1);
  });

  it('are not started once their workflow has lost its lease', async () => {
    const { idempotency, clock } = deployed({ lease: '2s', heartbeat: false });
    const paid = gate<string>();
    const ship = vi.fn(async () => 'label');
    const fulfil = idempotency.workflow(async (_order: { id: string }, step: Step) => {
      await paid.promise;
      return step('ship', ship);
    }, byId);
    const late = fulfil(order);
    await settled();
    await clock.advance(2_001);
    paid.resolve('paid');
    await expect(late).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(ship).not.toHaveBeenCalled();
  });

  it('are not started once their workflow has ended', async () => {
    const { idempotency } = deployed();
    const escaped: { step?: Step } = {};
    const ship = vi.fn(async () => 'label');
    const fulfil = idempotency.workflow(async (_order: { id: string }, step: Step) => {
      escaped.step = step;
      return 'done';
    }, byId);
    await fulfil(order);
    await expect(escaped.step!('ship', ship)).rejects.toMatchObject({ code: 'LEASE_LOST' });
    const first = Promise.withResolvers<number>();
    const failing = idempotency.workflow(
      async (_order: { id: string }, step: Step) => {
        const chain = step('first', () => first.promise).then(() => step('second', ship));
        await Promise.all([
          chain,
          step('bad', async () => {
            throw new Error('card refused');
          }),
        ]);
      },
      { ...byId, operation: 'failing' },
    );
    const failed = failing(order);
    await settled();
    // By now the other step has failed, and the workflow with it.
    first.resolve(1);
    await expect(failed).rejects.toThrow('card refused');
    await settled();
    expect(ship).not.toHaveBeenCalled();
  });

  it('run in parallel, and are told apart by a key', async () => {
    const { idempotency } = deployed();
    const both = gate();
    let running = 0;
    const mail = vi.fn(async (to: string) => {
      running += 1;
      if (running === 2) both.resolve();
      await both.promise;
      return `sent to ${to} as ${currentExecution().downstreamKey.length}`;
    });
    const flow = idempotency.workflow(
      (input: { id: string; to: readonly string[] }, step: Step) =>
        Promise.all(input.to.map((to) => step('mail', () => mail(to), { key: to }))),
      { operation: 'flow', key: ({ id }) => id },
    );
    const input = { id: '1', to: ['a', 'b'] };
    expect(await flow(input)).toEqual(['sent to a as 43', 'sent to b as 43']);
    expect(await flow(input)).toEqual(['sent to a as 43', 'sent to b as 43']);
    expect(mail).toHaveBeenCalledTimes(2);
  });

  it('know their workflow', async () => {
    const { idempotency } = deployed();
    const fulfil = idempotency.workflow(
      (_order: { id: string }, step: Step) => step('charge', async () => 1),
      byId,
    );
    await fulfil(order);
    await fulfil({ id: 'o2' });
    const workflow = await fulfil.idOf(order);
    const { records } = await idempotency.records.list({ workflow });
    expect(records).toMatchObject([{ operation: 'fulfil.charge', workflow, keyPreview: 'o1' }]);
    expect((await idempotency.records.get(workflow))?.workflow).toBeUndefined();
  });
});

describe('a workflow that is restarted with another input', () => {
  interface Input {
    readonly id: string;
    readonly total: number;
  }
  const options = { operation: 'fulfil', key: ({ id }: Input) => id };

  function seen() {
    const inputs: [operation: string, changed: boolean, workflow: string | undefined][] = [];
    const instrumentation: Instrumentation = {
      async execute(info, next) {
        try {
          return await next();
        } finally {
          inputs.push([info.operation, info.inputChanged, info.workflow]);
        }
      },
    };
    return { inputs, instrumentation };
  }

  it('is seen, in the calls and in the records', async () => {
    const { inputs, instrumentation } = seen();
    const { idempotency } = deployed({ instrumentation });
    let fails = true;
    const fulfil = idempotency.workflow(async ({ total }: Input, step: Step) => {
      await step('charge', async () => total);
      if (fails) throw new Error('no carrier');
      return step('ship', async () => total);
    }, options);
    const id = await fulfil.idOf({ id: '1', total: 1 });
    await fulfil({ id: '1', total: 1 }).catch(() => {});
    await fulfil({ id: '1', total: 1 }).catch(() => {});
    expect(inputs.every(([, changed]) => !changed)).toBe(true);
    inputs.length = 0;
    fails = false;
    expect(await fulfil({ id: '1', total: 2 })).toBe(2);
    expect(inputs).toEqual([
      ['fulfil.charge', true, id],
      ['fulfil.ship', false, id],
      ['fulfil', true, undefined],
    ]);
    const { records } = await idempotency.records.list();
    const digests = Object.fromEntries(
      records.map(({ operation, inputDigest }) => [operation, inputDigest]),
    );
    expect(digests.fulfil).toMatch(/^[\w-]{43}$/);
    expect(digests['fulfil.ship']).toBe(digests.fulfil);
    expect(digests['fulfil.charge']).not.toBe(digests.fulfil);
    inputs.length = 0;
    await fulfil({ id: '1', total: 3 });
    expect(inputs).toEqual([['fulfil', true, undefined]]);
  });

  it('is refused where a fingerprint is given, also when only its steps are left', async () => {
    const { idempotency } = deployed();
    const charge = vi.fn(async () => 'charged');
    const fulfil = idempotency.workflow(
      async (_input: Input, step: Step) => {
        await step('charge', charge);
        throw new Error('no carrier');
      },
      { ...options, fingerprint: ({ total }) => total },
    );
    await expect(fulfil({ id: '1', total: 1 })).rejects.toThrow('no carrier');
    await expect(fulfil({ id: '1', total: 2 })).rejects.toMatchObject({
      code: 'FINGERPRINT_MISMATCH',
    });
    await idempotency.records.delete(await fulfil.idOf({ id: '1', total: 1 }));
    await expect(fulfil({ id: '1', total: 2 })).rejects.toMatchObject({
      code: 'FINGERPRINT_MISMATCH',
    });
    expect(charge).toHaveBeenCalledTimes(1);
  });

  it('is not told apart where the input has no digest', async () => {
    const { inputs, instrumentation } = seen();
    const { idempotency } = deployed({ instrumentation });
    class Cart {
      readonly id = '1';
    }
    const fulfil = idempotency.workflow(
      (_cart: Cart, step: Step) => step('charge', async () => 1),
      {
        operation: 'fulfil',
        key: ({ id }) => id,
      },
    );
    await fulfil(new Cart());
    await fulfil(new Cart());
    expect(inputs.map(([, changed]) => changed)).toEqual([false, false, false]);
  });
});
