// One call for each way in which a call can end.
import { setTimeout as delay } from 'node:timers/promises';
import { trace } from '@opentelemetry/api';
import { outcomeUnknown, type Store, tiered } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { ending, report, telemetry, type Wiring } from './telemetry.ts';

const { create, start, shutdown } = telemetry(process.argv[2] as Wiring, { storeSpans: true });
start();
const tracer = trace.getTracer('program');

interface Payment {
  readonly id: string;
  readonly card: string;
}
const payment = (name: string): Payment => ({
  id: `PLANTED-KEY-${name}`,
  card: 'PLANTED-INPUT',
});
const key = ({ id }: Payment): string => id;

const store = memoryStore();
const idempotency = create({ store });
const ids: Record<string, string> = {};
const endings: Record<string, string> = {};

const charge = idempotency.wrap(
  (_: Payment) =>
    tracer.startActiveSpan('call the gateway', (span) => {
      span.end();
      return { receipt: 'PLANTED-RESULT' };
    }),
  { operation: 'charge', key, scope: 'tenant-1' },
);
ids.charge = await charge.idOf(payment('charge'));
await tracer.startActiveSpan('first delivery', async (span) => {
  await charge(payment('charge'));
  span.end();
});
await tracer.startActiveSpan('second delivery', async (span) => {
  await charge(payment('charge'));
  span.end();
});
await charge.withRun(1)(payment('charge'));

class CardDeclined extends Error {
  override readonly name = 'CardDeclined';
}
const declined = (_: Payment): never => {
  throw new CardDeclined('PLANTED-MESSAGE');
};
const failing = idempotency.wrap(declined, { operation: 'failing', key });
endings.failed = await ending(failing(payment('failing')));
const recorded = idempotency.wrap(declined, { operation: 'recorded', key, failure: 'record' });
endings.recorded = await ending(recorded(payment('recorded')));
endings.replayedError = await ending(recorded(payment('recorded')));

const gate = Promise.withResolvers<void>();
const slow = idempotency.wrap((_: Payment) => gate.promise, { operation: 'slow', key });
const waiting = idempotency.wrap((_: Payment) => gate.promise, {
  operation: 'slow',
  key,
  inProgress: 'wait',
});
const impatient = idempotency.wrap((_: Payment) => gate.promise, {
  operation: 'slow',
  key,
  inProgress: { wait: '20ms' },
});
const executing = slow(payment('slow'));
endings.inProgress = await ending(slow(payment('slow')));
endings.impatient = await ending(impatient(payment('slow')));
const patient = waiting(payment('slow'));
gate.resolve();
await Promise.all([executing, patient]);

const matching = idempotency.wrap((_: Payment) => 1, {
  operation: 'matching',
  key,
  fingerprint: ({ card }) => card,
});
await matching(payment('matching'));
endings.mismatch = await ending(matching({ ...payment('matching'), card: 'PLANTED-OTHER' }));

const never = new Promise<never>(() => {});
const lapsing = { heartbeat: false, lease: 200 } as const;
const crashed = idempotency.wrap((_: Payment) => never, {
  operation: 'holding',
  key,
  abandoned: 'hold',
  ...lapsing,
});
void crashed(payment('holding'));
await delay(260);
endings.held = await ending(crashed(payment('holding')));

const late = Promise.withResolvers<void>();
const started = Promise.withResolvers<void>();
const overtaken = idempotency.wrap(
  (_: Payment) => {
    started.resolve();
    return late.promise;
  },
  { operation: 'overtaken', key, ...lapsing },
);
const overtaking = idempotency.wrap((_: Payment) => {}, { operation: 'overtaken', key });
const loser = ending(overtaken(payment('overtaken')));
await started.promise;
await delay(260);
await overtaking(payment('overtaken'));
late.resolve();
endings.leaseLost = await loser;

const down: Store = {
  ...store,
  name: 'down',
  acquire: () => Promise.reject(new Error('PLANTED-MESSAGE')),
};
const unlucky = create({ store: down, storeTimeout: 30 }).wrap((_: Payment) => 1, {
  operation: 'unlucky',
  key,
});
endings.storeError = await ending(unlucky(payment('unlucky')));

const free = idempotency.wrap((_: Payment) => 1, { operation: 'free', key, enabled: false });
await free(payment('free'));
const keyless = idempotency.wrap((_: Payment) => 1, { operation: 'keyless', key: () => undefined });
endings.keyMissing = await ending(keyless(payment('keyless')));

const doubtful = idempotency.wrap(
  (_: Payment): number => {
    throw outcomeUnknown(new Error('PLANTED-MESSAGE'));
  },
  { operation: 'doubtful', key, abandoned: 'hold' },
);
endings.unknown = await ending(doubtful(payment('doubtful')));
const endless = idempotency.wrap((_: Payment) => never, {
  operation: 'endless',
  key,
  maxDuration: 50,
});
endings.timedOut = await ending(endless(payment('endless')));
const rehearsed = idempotency.wrap((_: Payment) => 1, {
  operation: 'rehearsed',
  key,
  enabled: 'shadow',
});
await rehearsed(payment('rehearsed'));
await rehearsed(payment('rehearsed'));

let isBroken = true;
const fulfil = idempotency.workflow(
  async (_: Payment, step) => {
    await step('charge', () => 'PLANTED-RESULT');
    await step('ship', () => {
      if (isBroken) throw new Error('PLANTED-MESSAGE');
    });
  },
  { operation: 'fulfil', key: ({ id }) => id },
);
endings.workflow = await ending(fulfil(payment('fulfil')));
isBroken = false;
await fulfil(payment('fulfil'));

const fast = { ...memoryStore(), name: 'fast' };
const stacked = create({ store: tiered([fast, store]) }).wrap((_: Payment) => 1, {
  operation: 'stacked',
  key,
});
await stacked(payment('stacked'));
await stacked(payment('stacked'));

const renewed = Promise.withResolvers<void>();
const watched: Store = {
  ...store,
  renew: (...request) => {
    renewed.resolve();
    return store.renew(...request);
  },
};
const beating = create({ store: watched }).wrap((_: Payment) => renewed.promise, {
  operation: 'beating',
  key,
  lease: '1s',
});
// Heartbeats alone do not keep a process alive.
const alive = setInterval(() => {}, 1_000);
await beating(payment('beating'));
clearInterval(alive);

await shutdown();
report({ ids, endings });
// One function never ends, as that of a crashed process.
process.exit();
