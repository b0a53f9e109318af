import { existsSync, writeFileSync } from 'node:fs';
import { createIdempotency, type Idempotency } from '@twiceproof/core';
import type { Arguments } from './arguments.ts';
import { effectsOn } from './effects.ts';
import { idempotencyDefaults } from './idempotency-defaults.ts';
import { mendLedger, openLedger } from './ledger.ts';
import { auditLedger } from './ledger-audit.ts';
import { startLocalWorkers } from './local-workers.ts';
import type { WorkerOptions } from './messages.ts';
import { type KeySelector, keySelector } from './order-key.ts';
import { type Order, operation, orderPipeline } from './pipeline.ts';
import { progressOn } from './progress.ts';
import { checkReadable, type Input, readDeliveries } from './read-deliveries.ts';
import { reportOf } from './report/report.ts';
import { allIsWell, type Results } from './report/results.ts';
import { plural } from './report/words.ts';
import { runDeliveries } from './run-deliveries.ts';
import { sampleDeliveries } from './sample/sample-deliveries.ts';
import { pathLabel, resetState, type StateFolder, stateFolder } from './state-folder.ts';
import { lockState } from './state-lock.ts';
import { environmentIn } from './stores/environment-in.ts';
import { openStack } from './stores/open-stack.ts';
import { stackLabel, storeLabels } from './stores/stack-label.ts';
import { isMemoryAlone } from './stores/store-kinds.ts';
import { type Observed, observe } from './telemetry/observe.ts';
import { spanTarget } from './telemetry/span-target.ts';
import { writeUndelivered } from './undelivered.ts';
import { startWorkers } from './worker-pool.ts';

/** Runs the demo. Answers its exit code, but for a stop by a signal. */
export async function runDemo(
  args: Arguments,
  out: NodeJS.WriteStream,
  stop: AbortSignal,
): Promise<number> {
  const select = keySelector(args.key);
  if (args.input !== undefined) checkReadable(args.input);
  const state = stateFolder(args.state, args.store.at(-1)!);
  const inProcess = isMemoryAlone(args.store);
  const lock = await lockState(state);
  if (args.reset) resetState(state);
  if (args.store.includes('pglite') && !existsSync(state.database)) {
    out.write('  preparing the database, once …\n');
  }
  const stack = await openStack(args.store, state, (kind) =>
    out.write(`  starting ${storeLabels[kind]} …\n`),
  );
  let observed: Observed | undefined;
  try {
    const environment = environmentIn(state, stack.authority);
    const { store } = stack.authority;
    const spans = await spanTarget(args.otlp);
    // The workers of this process observe themselves.
    observed = spans === 'collector' && !inProcess ? await observe(spans) : undefined;
    await using idempotency = createIdempotency({
      ...idempotencyDefaults,
      environment,
      store,
      ...(observed && { instrumentation: observed.instrumentation }),
    });
    const since = mendLedger(state.ledger);
    const effects = effectsOn({ ...args, ledger: openLedger(state.ledger) });
    const input = await readInput(args, state, select, orderPipeline(idempotency, effects).idOf);
    out.write(headline(args, state, input));

    const start = inProcess ? startLocalWorkers : startWorkers;
    const workerOptions: WorkerOptions = {
      ...args,
      stores: stack.addresses,
      environment,
      spans,
      ledgerPath: state.ledger,
    };
    const outcome = await runDeliveries({
      deliveries: input.deliveries,
      workers: args.workers,
      startWorkers: (count, events) => start(count, workerOptions, events),
      killAfter: args.killAfter,
      progress: progressOn(out, () => performance.now()),
      now: () => performance.now(),
      stop,
    });

    writeUndelivered(state.undelivered, input.badLines, outcome.deadLetters);
    const results: Results = {
      args,
      state,
      input,
      outcome,
      audit: await auditLedger(state.ledger, since),
      keptOfRun0: args.run === 0 ? undefined : await completedOrders(idempotency, 0),
      recordsStay: stack.authority.keptAt !== undefined,
      stoppedBy: stop.aborted ? String(stop.reason) : undefined,
    };
    out.write(await reportOf(results));
    return allIsWell(results) ? 0 : 1;
  } finally {
    await stack.close();
    await observed?.stop();
    lock.unlock();
  }
}

async function readInput(
  args: Arguments,
  state: StateFolder,
  select: KeySelector,
  idOf: (order: Order) => Promise<string>,
): Promise<Input> {
  const path = args.input ?? state.sample;
  if (args.input === undefined) {
    writeFileSync(
      path,
      sampleDeliveries()
        .map((message) => `${JSON.stringify(message)}\n`)
        .join(''),
    );
  }
  return readDeliveries(path, select, idOf);
}

function headline(args: Arguments, state: StateFolder, { deliveries, orders }: Input): string {
  const source = pathLabel(args.input ?? state.sample);
  return [
    '',
    '  charge → ship → notify, once per order, however often it is delivered',
    `  ${plural(orders, 'order')} in ${plural(deliveries.length, 'delivery', 'deliveries')} from ${source}`,
    `  run ${args.run} · ${plural(args.workers, 'worker')}${isMemoryAlone(args.store) ? ' in one process' : ''} · ${stackLabel(args.store, state)}`,
    '',
    '',
  ].join('\n');
}

async function completedOrders(idempotency: Idempotency, run: number): Promise<number> {
  let count = 0;
  let cursor: string | undefined;
  do {
    const page = await idempotency.records.list({
      operation,
      run,
      status: 'completed',
      limit: 1_000,
      cursor,
    });
    count += page.records.length;
    cursor = page.cursor;
  } while (cursor !== undefined);
  return count;
}
