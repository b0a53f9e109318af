import { createIdempotency, isIdempotencyError } from '@twiceproof/core';
import { callReports, messageOf } from './call-reports.ts';
import { effectsOn } from './effects.ts';
import { idempotencyDefaults } from './idempotency-defaults.ts';
import { openLedger } from './ledger.ts';
import type { Deliver, DeliveryEnd, FromWorker, WorkerOptions } from './messages.ts';
import { keySelector } from './order-key.ts';
import { orderPipeline } from './pipeline.ts';
import { connectStores } from './stores/connect-stores.ts';
import { observe } from './telemetry/observe.ts';

/** What an application is made of: it takes deliveries, and fulfils the orders in them. */
export interface Consumer {
  /** Says how the delivery ended, and what happened meanwhile. */
  take(delivery: Deliver): Promise<void>;
  close(): Promise<void>;
}

/** One order is shown in its spans at the end: those of so many deliveries are enough to find it. */
const deliveriesShown = 100;

export async function startConsumer(
  options: WorkerOptions,
  send: (message: FromWorker) => void,
): Promise<Consumer> {
  const { store, close: closeStore } = await connectStores(options.stores);
  const ledger = openLedger(options.ledgerPath);
  const observed = await observe(
    options.spans,
    callReports((call) => send({ kind: 'call', call })),
  );
  const idempotency = createIdempotency({
    ...idempotencyDefaults,
    environment: options.environment,
    store,
    instrumentation: observed.instrumentation,
  });
  let stallNext = false;
  const effects = effectsOn({
    ...options,
    ledger,
    async during(effect, order) {
      if (!stallNext) return;
      send({ kind: 'stalled', effect, order });
      await new Promise(() => {});
    },
  });
  const fulfilOrder = orderPipeline(idempotency, effects).withRun(options.run);
  const select = keySelector(options.key);

  const reply = async (text: string): Promise<DeliveryEnd> => {
    try {
      const { outcome } = await fulfilOrder.execute({ id: select(text) });
      return { kind: outcome };
    } catch (error) {
      if (isIdempotencyError(error, 'IN_PROGRESS')) {
        return { kind: 'conflict', retryAfterMs: error.retryAfterMs ?? 0 };
      }
      return { kind: 'failed', error: messageOf(error) };
    }
  };

  let showing = deliveriesShown;
  return {
    async take({ line, text, stall }) {
      stallNext = stall;
      const end = await reply(text);
      stallNext = false;
      const spans = observed.takeSpans();
      showing -= 1;
      if (spans.length > 0 && showing >= 0) send({ kind: 'spans', spans });
      send({ kind: 'settled', line, end });
    },
    async close() {
      // What is under way is settled while there are a ledger and a store to do it in.
      await idempotency.close();
      ledger.close();
      await closeStore();
      const sent = await observed.stop();
      if (sent) send({ kind: 'sent', sent });
    },
  };
}
