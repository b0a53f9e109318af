import { setTimeout as delay } from 'node:timers/promises';
import { createIdempotency } from '@twiceproof/core';
import type { ScenarioStores } from './stores.ts';

interface Order {
  readonly id: string;
  readonly items: number;
}

class CarrierUnavailable extends Error {
  override readonly name = 'CarrierUnavailable';
}

/** Delivers one order: a new one, or one that was delivered before. */
export type Delivery = (options: { readonly isDuplicate: boolean }) => Promise<void>;

const remembered = 40;

/** A shop's orders: charged by a function of its own, fulfilled by a workflow that sometimes fails. */
export function ordersOn(stores: ScenarioStores): Delivery {
  const payments = createIdempotency({ environment: 'shop', store: stores.stacked });
  const charge = payments.wrap(
    async (order: Order) => {
      await delay(spread(8));
      return { receipt: order.id, lines: new Array(order.items).fill('1 x something') };
    },
    { operation: 'charge-payment', key: (order) => order.id, inProgress: 'wait' },
  );
  const broken = new Set<string>();
  const fulfil = createIdempotency({ environment: 'shop', store: stores.postgres }).workflow(
    async (order: Order, step) => {
      const payment = await step('charge', () => charge(order));
      await step('ship', async () => {
        await delay(spread(5));
        if (broken.delete(order.id)) throw new CarrierUnavailable('try again');
      });
      return step('notify', () => ({ mail: payment.receipt }));
    },
    { operation: 'fulfil-order', key: (order) => order.id, inProgress: 'wait' },
  );

  const recent: Order[] = [];
  let count = 0;
  return async ({ isDuplicate }) => {
    const again = isDuplicate ? recent[Math.floor(Math.random() * recent.length)] : undefined;
    const order = again ?? { id: `order-${count++}`, items: 1 + Math.floor(spread(6)) };
    if (!again) {
      recent.push(order);
      if (recent.length > remembered) recent.shift();
      if (count % 9 === 0) broken.add(order.id);
      await charge(order);
    }
    await fulfil(order).catch(() => {});
  };
}

/** Mostly small, sometimes large. */
function spread(typical: number): number {
  return typical * Math.exp((Math.random() + Math.random() + Math.random() - 1.5) * 1.6);
}
