import type { Store } from '@twiceproof/core';
import type { Command } from 'commander';
import type { Call, Runner } from '../command-call.ts';
import { type ExitCode, exitCodes, Failure } from '../failure.ts';
import { countText } from '../output/count-text.ts';
import { durationOf } from '../records/duration-option.ts';
import { wholeNumber } from '../records/filter-options.ts';

interface SweepCallOptions {
  readonly batch?: number;
  readonly pause?: number;
}

/** What a store has that does not retire records by itself; Postgres is one. */
interface Sweeper {
  sweep(options: {
    readonly batch?: number | undefined;
    readonly pause?: number | undefined;
    readonly signal: AbortSignal;
    readonly onProgress: (deleted: number) => void;
  }): Promise<{ readonly deleted: number; readonly paused: boolean }>;
}

export function configureSweep(command: Command, runner: Runner): void {
  command
    .description('Delete records that expired, in batches. Nothing is deleted that still counts.')
    .option(
      '--batch <number>',
      'most records that one statement looks at (default: 1000)',
      wholeNumber,
    )
    .option('--pause <duration>', 'pause between two statements (default: none)', durationOf)
    .action(runner.action(sweep));
}

async function sweep(call: Call<SweepCallOptions>): Promise<ExitCode> {
  const { options, terminal, screen, progress } = call;
  const { store, config } = await call.open();
  if (!canSweep(store)) return withoutSweep(store, call);
  if (config.retirement === 'paused') throw paused();
  const interruption = new AbortController();
  const stop = terminal.onInterrupt(() => interruption.abort());
  const swept = await store.sweep({
    batch: options.batch,
    pause: options.pause,
    signal: interruption.signal,
    onProgress: (deleted) => progress.update(`deleted ${countText(deleted, 'expired record')}`),
  });
  stop();
  progress.end();
  if (swept.paused) throw paused();
  if (screen.isJson) screen.printJson({ store: store.name, deleted: swept.deleted });
  else screen.print(`deleted ${countText(swept.deleted, 'expired record')}`);
  return interruption.signal.aborted ? exitCodes.interrupted : exitCodes.done;
}

function canSweep(store: Store): store is Store & Sweeper {
  return typeof (store as Partial<Sweeper>).sweep === 'function';
}

const retiresItself: Readonly<Record<string, string>> = {
  redis: 'Redis removes expired records by itself',
  dynamodb: 'DynamoDB removes expired records by itself, by their time to live',
  mysql: 'the store removes expired records of MySQL by itself, as claims come',
  sqlite: 'the SQLite store removes expired records by itself, with the writes that follow',
  memory: 'the memory store removes expired records by itself',
};

function withoutSweep({ name }: Store, { screen }: Call<unknown>): ExitCode {
  const reason = retiresItself[name];
  if (reason === undefined) {
    const message = `store '${name}' cannot sweep; give the store that keeps the records, with --store`;
    throw new Failure(exitCodes.refused, message);
  }
  if (screen.isJson) screen.printJson({ store: name, deleted: 0 });
  else screen.print(`${reason}: there is nothing to sweep`);
  return exitCodes.done;
}

function paused(): Failure {
  const message = "nothing was deleted: retirement is 'paused' in the configuration of this store";
  return new Failure(exitCodes.refused, message);
}
