import { setTimeout as delay } from 'node:timers/promises';
import { type Tracer, trace } from '@opentelemetry/api';
import { createIdempotency } from '@twiceproof/core';
import { openTelemetry } from '@twiceproof/otel';
import { openStores, type ScenarioStores } from '../scenario/stores.ts';
import type { PlainSpan } from '../spans/plain-span.ts';
import { spanCollector } from '../spans/span-collector.ts';
import { startTelemetry } from '../start-telemetry.ts';

/** What the pictures show: the spans of calls that were really made, on real stores. */
export interface RecordedTraces {
  readonly spans: readonly PlainSpan[];
  /** A payment that was delivered four times. */
  readonly paymentKey: string;
  /** An order whose workflow failed, and was started again. */
  readonly orderKey: string;
}

interface Order {
  readonly id: string;
}

/** Makes the calls, and answers their spans. */
export async function recordTraces(): Promise<RecordedTraces> {
  const collector = spanCollector();
  const telemetry = await startTelemetry({ serviceName: 'shop', collector });
  const stores = await openStores();
  try {
    const paymentKey = await deliverPayment(stores);
    const orderKey = await fulfilOrder(stores);
    return { spans: collector.take(), paymentKey, orderKey };
  } finally {
    await stores.close();
    await telemetry.stop();
  }
}

/** The second delivery comes while the first one is at work; the others are late. */
async function deliverPayment({ redis }: ScenarioStores): Promise<string> {
  const idempotency = createIdempotency({
    environment: 'prod',
    store: redis,
    instrumentation: openTelemetry({ storeSpans: true }),
  });
  const tracer = trace.getTracer('shop');
  const charge = idempotency.wrap(
    async (order: Order) => {
      await working(tracer, 'POST gateway.example/charges', 42);
      return { receipt: order.id };
    },
    { operation: 'charge-payment', key: (order) => order.id },
  );
  const order = { id: 'order-4711' };
  // The connection is open, and the code is warm: not what the picture is about.
  for (let id = 0; id < 50; id++) await charge({ id: `warm-${id}` });
  const deliver = (): Promise<unknown> =>
    tracer.startActiveSpan('process payments', (span) =>
      charge(order)
        .catch(() => {})
        .finally(() => span.end()),
    );
  const first = deliver();
  await delay(15);
  await deliver();
  await first;
  await delay(120);
  await deliver();
  await delay(60);
  await deliver();
  return charge.idOf(order);
}

class CarrierUnavailable extends Error {
  override readonly name = 'CarrierUnavailable';
}

async function fulfilOrder({ postgres }: ScenarioStores): Promise<string> {
  const idempotency = createIdempotency({
    environment: 'prod',
    store: postgres,
    instrumentation: openTelemetry(),
  });
  const tracer = trace.getTracer('shop');
  let isCarrierDown = false;
  const fulfil = idempotency.workflow(
    async (order: Order, step) => {
      await step('charge', () => working(tracer, 'POST gateway.example/charges', 30));
      await step('ship', async () => {
        await working(tracer, 'POST carrier.example/parcels', 18);
        if (isCarrierDown) throw new CarrierUnavailable('503');
      });
      await step('notify', () => working(tracer, 'POST mail.example/messages', 9));
      return order.id;
    },
    { operation: 'fulfil-order', key: (order) => order.id },
  );
  for (let id = 0; id < 20; id++) await fulfil({ id: `warm-${id}` });
  const order = { id: 'order-4711' };
  isCarrierDown = true;
  await fulfil(order).catch(() => {});
  isCarrierDown = false;
  await delay(50);
  await fulfil(order);
  return fulfil.idOf(order);
}

/** Somebody else's work, as an instrumented client shows it. */
function working(tracer: Tracer, name: string, ms: number): Promise<void> {
  return tracer.startActiveSpan(name, async (span) => {
    await delay(ms);
    span.end();
  });
}
