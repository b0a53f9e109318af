import {
  currentExecution,
  type Idempotency,
  type IdempotencyRecord,
  type KeyValue,
  type ProbeAnswer,
  type Wrapped,
} from '@twiceproof/core';

/** A piece of work: whatever its deliveries look like, the order id says which one it is. */
export interface Order {
  readonly id: KeyValue;
}

export const operation = 'fulfil-order';
export const stepNames = ['charge', 'ship', 'notify'] as const;
export type StepName = (typeof stepNames)[number];

/** The world outside: a payment provider, a carrier, a mail service. */
export interface Effects {
  charge(order: Order, key: string): Promise<{ payment: string }>;
  ship(order: Order, charged: { payment: string }, key: string): Promise<{ parcel: string }>;
  notify(
    order: Order,
    shipped: { parcel: string },
    key: string,
  ): Promise<{ order: string; mail: string }>;
  /** What the provider answers when it is asked whether a step's effect happened. */
  find(record: IdempotencyRecord): Promise<ProbeAnswer>;
}

/**
 * The pipeline. Each order is charged, shipped and notified once, however often it is delivered, by
 * however many workers. A step that completed is replayed when the order comes again after a failure.
 *
 * After a crash in the middle of a step nobody knows whether its effect happened. The provider does:
 * it was given the step's downstream key, so the probe asks it before the step is executed again.
 */
export function orderPipeline(
  idempotency: Idempotency,
  { charge, ship, notify, find }: Effects,
): Wrapped<unknown, [order: Order], { order: string; mail: string }> {
  const probed = { abandoned: find };
  return idempotency.workflow(
    async (order: Order, step) => {
      const payment = await step(
        'charge',
        () => charge(order, currentExecution().downstreamKey),
        probed,
      );
      const parcel = await step(
        'ship',
        () => ship(order, payment, currentExecution().downstreamKey),
        probed,
      );
      return step('notify', () => notify(order, parcel, currentExecution().downstreamKey), probed);
    },
    { operation, key: (order) => order.id },
  );
}
