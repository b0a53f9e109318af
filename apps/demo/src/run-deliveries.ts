import type { DeliveredSpans, PlainSpan } from '@twiceproof/observability';
import type { FromWorker } from './messages.ts';
import { operation, type StepName } from './pipeline.ts';
import type { Progress } from './progress.ts';
import { type DeadLetter, type Delivery, queueOf } from './queue.ts';
import { newTally, type Tally } from './tally.ts';
import type { Worker, WorkerEvents, WorkerPool } from './worker-pool.ts';

export interface RunOptions {
  readonly deliveries: readonly Delivery[];
  readonly workers: number;
  readonly startWorkers: (count: number, events: WorkerEvents) => WorkerPool;
  /** After this many settled deliveries a worker is killed in the middle of an effect. */
  readonly killAfter: number | undefined;
  readonly progress: Progress;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Aborted when no more deliveries are to be handed out. */
  readonly stop: AbortSignal;
}

/** How a run ended. */
export interface RunOutcome {
  readonly tally: Tally;
  readonly deadLetters: readonly DeadLetter[];
  /** The last error of each step, or of the workflow around them, that failed. */
  readonly stepErrors: ReadonlyMap<string, string>;
  /** The effect in whose middle a worker was killed on purpose. */
  readonly killed: { readonly effect: StepName; readonly order: string } | undefined;
  /** What the workers' first deliveries did, when it was not sent to a collector. */
  readonly spans: readonly PlainSpan[];
  /** What each worker sent to a collector, where that is counted. */
  readonly sent: readonly DeliveredSpans[];
  /** Deliveries that were not settled because the run was stopped. */
  readonly left: number;
}

/** Hands the deliveries to the workers until every one is settled, or the run is stopped. */
export async function runDeliveries(options: RunOptions): Promise<RunOutcome> {
  const { deliveries, killAfter, progress, now, stop } = options;
  const queue = queueOf(deliveries);
  const tally = newTally();
  const deadLetters: DeadLetter[] = [];
  const stepErrors = new Map<string, string>();
  const spans: PlainSpan[] = [];
  const sent: DeliveredSpans[] = [];
  const counts = { executed: 0, replayed: 0, conflicts: 0, failed: 0 };
  const idle = new Set<Worker>();
  const busy = new Map<Worker, Delivery>();
  const { promise: finished, resolve: finish, reject: giveUp } = Promise.withResolvers<void>();
  let timer: NodeJS.Timeout | undefined;
  let victim: Worker | undefined;
  let killed: RunOutcome['killed'];

  const show = (): void => {
    const settled = counts.executed + counts.replayed + deadLetters.length;
    progress.update({ settled, deliveries: deliveries.length, ...counts });
  };

  const handOut = (): void => {
    clearTimeout(timer);
    if (queue.left === 0 || (stop.aborted && busy.size === 0)) finish();
    if (stop.aborted) return;
    for (const worker of idle) {
      const delivery = queue.receive(now());
      if (!delivery) break;
      idle.delete(worker);
      busy.set(worker, delivery);
      const settled = deliveries.length - queue.left;
      const stall = killAfter !== undefined && !killed && !victim && settled >= killAfter;
      if (stall) victim = worker;
      worker.send({ kind: 'deliver', line: delivery.line, text: delivery.text, stall });
    }
    const next = queue.nextVisibleAt();
    if (idle.size > 0 && next !== undefined) timer = setTimeout(handOut, Math.max(1, next - now()));
  };

  const failed = (line: number, error: string): void => {
    const dead = queue.failed(line, now(), error);
    if (dead) deadLetters.push(dead);
  };

  const settle = (line: number, end: (FromWorker & { kind: 'settled' })['end']): void => {
    switch (end.kind) {
      case 'executed':
      case 'replayed':
        counts[end.kind] += 1;
        queue.remove(line);
        break;
      case 'conflict':
        counts.conflicts += 1;
        queue.conflicted(line, now(), end.retryAfterMs);
        break;
      case 'failed':
        counts.failed += 1;
        failed(line, end.error);
    }
  };

  // Nobody starts a worker for nothing.
  const workers = Math.min(options.workers, deliveries.length);
  const pool = options.startWorkers(workers, {
    ready(worker) {
      idle.add(worker);
      handOut();
    },
    message(worker, message) {
      switch (message.kind) {
        case 'call':
          tally.add(message.call);
          if (message.call.error !== undefined) {
            stepErrors.set(message.call.operation, message.call.error);
          }
          break;
        case 'spans':
          spans.push(...message.spans);
          break;
        case 'sent':
          sent.push(message.sent);
          break;
        case 'stalled':
          killed = { effect: message.effect, order: message.order };
          worker.kill();
          break;
        case 'settled':
          // What a dead worker said last may come after its delivery was given to another.
          if (busy.get(worker)?.line !== message.line) return;
          busy.delete(worker);
          idle.add(worker);
          if (victim === worker) victim = undefined;
          settle(message.line, message.end);
          show();
          handOut();
      }
    },
    crashed(worker, how) {
      const delivery = busy.get(worker);
      busy.delete(worker);
      idle.delete(worker);
      if (victim === worker) victim = undefined;
      if (delivery) failed(delivery.line, `its worker died (${how})`);
      progress.note(crashNote(worker, how, delivery, killed));
      show();
      handOut();
    },
    hopeless: giveUp,
  });
  stop.addEventListener('abort', () => {
    progress.note('  stopping when the workers have finished what they hold; again to stop now');
    handOut();
  });
  show();
  handOut();

  try {
    await finished;
    await pool.stop();
  } finally {
    clearTimeout(timer);
    pool.kill();
    progress.end();
  }
  if (stepErrors.size > 1) stepErrors.delete(operation);
  return { tally, deadLetters, stepErrors, killed, spans, sent, left: queue.left };
}

function crashNote(
  worker: Worker,
  how: string,
  delivery: Delivery | undefined,
  killed: RunOutcome['killed'],
): string {
  const where =
    killed && delivery?.order === killed.order
      ? ` in the middle of ${killed.effect} ${killed.order}`
      : delivery
        ? ` with ${delivery.order}`
        : '';
  return `  worker ${worker.number} (pid ${worker.pid}) died${where}: ${how}, replaced`;
}
