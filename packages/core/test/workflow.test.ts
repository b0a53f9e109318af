import { currentExecution, type Store } from '@twiceproof/core';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { deployed } from './deployed.ts';

interface Order {
  readonly id: string;
  readonly total: number;
}

describe('workflow', () => {
  it('replays completed steps after a failure, and their results feed the rest', async () => {
    const { idempotency } = deployed();
    const charge = vi.fn(async (order: Order) => ({ payment: `pay-${order.id}`, at: new Date(0) }));
    const ship = vi.fn(
      async (payment: { payment: string; at: Date }) =>
        `label for ${payment.payment} ${payment.at.getTime()}`,
    );
    ship.mockRejectedValueOnce(new Error('no carrier'));
    const notify = vi.fn(async (label: string) => `sent ${label}`);
    const fulfil = idempotency.workflow(
      async (order: Order, step) => {
        const payment = await step('charge', () => charge(order));
        const label = await step('ship', () => ship(payment));
        expectTypeOf(label).toEqualTypeOf<string>();
        return step('notify', () => notify(label));
      },
      { operation: 'fulfil-order', key: (order) => order.id },
    );
    expectTypeOf(fulfil).parameters.toEqualTypeOf<[input: Order]>();
    const order = { id: 'o1', total: 5 };
    await expect(fulfil(order)).rejects.toThrow('no carrier');
    expect(await fulfil(order)).toBe('sent label for pay-o1 0');
    expect(await fulfil(order)).toBe('sent label for pay-o1 0');
    expect([charge, ship, notify].map((step) => step.mock.calls.length)).toEqual([1, 2, 1]);
  });

  it('runs all steps again in another run', async () => {
    const { idempotency } = deployed();
    const charge = vi.fn(async () => 'charged');
    const fulfil = idempotency.workflow((_order: Order, step) => step('charge', charge), {
      operation: 'fulfil',
      key: (order) => order.id,
    });
    await fulfil({ id: 'o1', total: 1 });
    await fulfil.withRun(1)({ id: 'o1', total: 1 });
    await fulfil.withRun(1)({ id: 'o1', total: 1 });
    expect(charge).toHaveBeenCalledTimes(2);
  });

  it('keeps the steps of different workflows, orders and scopes apart', async () => {
    const { idempotency } = deployed();
    const effect = vi.fn(async () => currentExecution().downstreamKey);
    const keys = new Set<string>();
    for (const operation of ['a', 'b']) {
      for (const scope of ['t1', 't2']) {
        const flow = idempotency.workflow((_order: Order, step) => step('x', effect), {
          operation,
          scope,
          key: (order) => order.id,
        });
        for (const id of ['1', '2']) keys.add(await flow({ id, total: 0 }));
      }
    }
    expect(keys.size).toBe(8);
  });

  it('shows its steps to operators under the business key and scope of the workflow', async () => {
    const { idempotency } = deployed();
    const flow = idempotency.workflow((_order: Order, step) => step('charge', async () => 1), {
      operation: 'fulfil',
      scope: 'tenant',
      key: (order) => order.id,
    });
    await flow({ id: 'ORD-7', total: 0 });
    const { records } = await idempotency.records.list({ operation: 'fulfil.charge' });
    expect(records).toMatchObject([{ keyPreview: 'ORD-7', scope: 'tenant', status: 'completed' }]);
  });

  it('refuses a step name that is used twice, and takes a key for each turn of a loop', async () => {
    const { idempotency } = deployed();
    const twice = idempotency.workflow(
      async (_order: Order, step) => {
        await step('mail', async () => 1);
        return step('mail', async () => 2);
      },
      { operation: 'twice', key: (order) => order.id },
    );
    await expect(twice({ id: '1', total: 0 })).rejects.toThrow(
      "step 'mail' of 'twice' was used twice",
    );
    const loop = idempotency.workflow(
      async (order: Order, step) => {
        const items = Array.from({ length: order.total }, (_, item) => item);
        return Promise.all(items.map((item) => step('mail', async () => item, { key: item })));
      },
      { operation: 'loop', key: (order) => order.id },
    );
    expect(await loop({ id: '1', total: 3 })).toEqual([0, 1, 2]);
  });

  it('lets a step that failed be tried again in the same execution', async () => {
    const { idempotency } = deployed();
    const ship = vi.fn(async () => 'shipped').mockRejectedValueOnce(new Error('no carrier'));
    const flow = idempotency.workflow(
      async (_order: Order, step) => step('ship', ship).catch(() => step('ship', ship)),
      { operation: 'patient', key: (order) => order.id },
    );
    expect(await flow({ id: '1', total: 0 })).toBe('shipped');
    expect(ship).toHaveBeenCalledTimes(2);
  });

  it('gives its options to its steps, except where a step chooses', async () => {
    const { idempotency, clock } = deployed({ retention: '1h' });
    const effect = vi.fn(async () => 'done');
    let fails = true;
    const flow = idempotency.workflow(
      async (_order: Order, step) => {
        await step('default', effect, { retention: undefined, lease: undefined });
        await step('short', effect, { retention: '1m' });
        if (fails) throw new Error('later');
      },
      { operation: 'kept', key: (order) => order.id, retention: '7d' },
    );
    await expect(flow({ id: '1', total: 0 })).rejects.toThrow('later');
    await clock.advance(86_400_000);
    fails = false;
    await flow({ id: '1', total: 0 });
    expect(effect).toHaveBeenCalledTimes(3);
  });

  it('finds steps again that it executed while its own record could not be claimed', async () => {
    const { store } = deployed();
    let isDown = true;
    const flaky: Store = {
      ...store,
      acquire: (claim, request) =>
        isDown && claim.operation === 'flow'
          ? Promise.reject(new Error('ECONNRESET'))
          : store.acquire(claim, request),
    };
    const { idempotency, clock } = deployed({ store: flaky, storeOutage: 'execute' });
    const charge = vi.fn(async () => 'charged');
    const flow = idempotency.workflow((_order: Order, step) => step('charge', charge), {
      operation: 'flow',
      scope: 7,
      key: (order) => order.id,
    });
    const during = flow({ id: '1', total: 0 });
    await clock.advance(5_000);
    expect(await during).toBe('charged');
    isDown = false;
    expect(await flow({ id: '1', total: 0 })).toBe('charged');
    expect(charge).toHaveBeenCalledTimes(1);
    const { records } = await idempotency.records.list({ operation: 'flow.charge' });
    expect(records).toMatchObject([{ scope: '7', keyPreview: '1' }]);
  });

  it('executes a step without a key where missing keys are executed', async () => {
    const { idempotency } = deployed({ missingKey: 'execute' });
    const mail = vi.fn(async () => 'sent');
    const flow = idempotency.workflow(
      async (_order: Order, step) => {
        await step('mail', mail, { key: undefined });
        return step('mail', mail, { key: null });
      },
      { operation: 'flow', key: (order) => order.id },
    );
    expect(await flow({ id: '1', total: 0 })).toBe('sent');
    expect(mail).toHaveBeenCalledTimes(2);
  });

  it('runs without idempotency, steps and all, when the key is missing and that was asked for', async () => {
    const { idempotency } = deployed({ missingKey: 'execute' });
    const flow = idempotency.workflow(
      (_order: Partial<Order>, step) => step('x', async () => 'ran'),
      {
        operation: 'flow',
        key: (order) => order.id,
      },
    );
    expect(await flow({})).toBe('ran');
    expect((await idempotency.records.list()).records).toEqual([]);
  });
});
