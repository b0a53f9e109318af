import { createIdempotency, isIdempotencyError } from '@idemkit/core';
import { callReports, messageOf } from './call-reports.ts';
import { effectsOn } from './effects.ts';
import { idempotencyDefaults } from './idempotency-defaults.ts';
import { openLedger } from './ledger.ts';
import type { DeliveryEnd, FromWorker, ToWorker, WorkerOptions } from './messages.ts';
import { keySelector } from './order-key.ts';
import { orderPipeline } from './pipeline.ts';
import { connectStores } from './stores/connect-stores.ts';
import { observe } from './telemetry/observe.ts';

type Consume = (text: string) => Promise<DeliveryEnd>;

let consume: Consume;
let close: (() => Promise<void>) | undefined;
let stallNext = false;

/** One order is shown in its spans at the end: those of so many deliveries are enough to find it. */
const deliveriesShown = 100;

// Ctrl-C reaches the whole process group; when to stop is for the parent to say.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
// Without the parent there is no database: what is in hand ends here, as in any crash.
process.on('disconnect', () => process.exit(1));

process.on('message', async (message: ToWorker) => {
  switch (message.kind) {
    case 'start':
      await start(message.options);
      send({ kind: 'ready' });
      break;
    case 'deliver': {
      stallNext = message.stall;
      const end = await consume(message.text);
      stallNext = false;
      send({ kind: 'settled', line: message.line, end });
      break;
    }
    case 'stop':
      await close?.();
      process.exit(0);
  }
});

async function start(options: WorkerOptions): Promise<void> {
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

  let showing = deliveriesShown;
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
  consume = async (text) => {
    const end = await reply(text);
    const spans = observed.takeSpans();
    showing -= 1;
    if (spans.length > 0 && showing >= 0) send({ kind: 'spans', spans });
    return end;
  };
  close = async () => {
    ledger.close();
    await closeStore();
    await observed.stop();
  };
}

function send(message: FromWorker): void {
  process.send?.(message);
}
