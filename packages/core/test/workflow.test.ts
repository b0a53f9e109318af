import { currentExecution } from '@idemkit/core';
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
