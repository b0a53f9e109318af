import { AsyncLocalStorage } from 'node:async_hooks';

/** What an effect needs to know of the delivery that it is part of. */
export interface DeliveryUnderWay {
  readonly delivery: number;
  /** Told before and after an effect. Never answers where the process of the delivery has crashed. */
  reach(effect: string, when: 'before' | 'after'): Promise<void>;
}

const underWay = new AsyncLocalStorage<DeliveryUnderWay>();

export function deliveryUnderWay(): DeliveryUnderWay | undefined {
  return underWay.getStore();
}

export function duringDelivery<T>(delivery: DeliveryUnderWay, run: () => T): T {
  return underWay.run(delivery, run);
}
