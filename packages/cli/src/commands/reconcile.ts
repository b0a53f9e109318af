import type { ReconcileProgress } from '@twiceproof/core';
import type { Command } from 'commander';
import type { Call, Runner } from '../command-call.ts';
import { type ExitCode, exitCodes, usage } from '../failure.ts';
import { confirm } from '../output/confirm.ts';
import { countText, numberText } from '../output/count-text.ts';
import { attribution } from '../records/change-options.ts';
import { countMatching } from '../records/count-matching.ts';
import { retentionOf } from '../records/duration-option.ts';
import {
  addFilterOptions,
  conditionOf,
  type FilterOptions,
  filterOf,
} from '../records/filter-options.ts';
import { probeOf } from '../records/probe-of.ts';

interface ReconcileOptions extends FilterOptions {
  readonly yes?: boolean;
  readonly by?: string;
  readonly reason?: string;
  readonly retention?: number | false;
}

const nothing: ReconcileProgress = {
  matched: 0,
  completed: 0,
  released: 0,
  held: 0,
  failed: 0,
  skipped: 0,
};

export function configureReconcile(command: Command, runner: Runner): void {
  addFilterOptions(command)
    .description(
      'Ask the probe of the configuration file about abandoned records, crashed or of unknown outcome, and complete or release each as it says.',
    )
    .option('-y, --yes', 'go ahead without asking')
    .option('--by <name>', 'who does it (default: the user of this machine)')
    .option('--reason <text>', 'why')
    .option(
      '-r, --retention <duration>',
      "how long what was completed is kept: '7d', '24h' or 'forever' (default: until someone deletes it)",
      retentionOf,
    )
    .action(runner.action(reconcile));
}

async function reconcile(call: Call<ReconcileOptions>): Promise<ExitCode> {
  const { options, terminal, screen, progress } = call;
  const { idempotency, config } = await call.open();
  if (config.probe === undefined) {
    throw usage(
      options.store === undefined
        ? 'reconcile needs a probe; give one in twiceproof.config.ts: defineConfig({ store, probe: async (record) => … })'
        : 'reconcile needs the probe of a configuration, which --store does without; leave out --store',
    );
  }
  const probe = probeOf(config.probe);
  const { records } = idempotency;
  const abandoned = { ...filterOf(options, config), stuck: true };
  const { count, filter, only } = await countMatching(
    records,
    abandoned,
    conditionOf(options),
    call,
  );
  if (count === 0) {
    if (screen.isJson) screen.printJson({ action: 'reconcile', ...nothing });
    else screen.note('no abandoned records match; nothing was changed');
    return exitCodes.done;
  }
  if (!options.yes) {
    await confirm(terminal, `Ask the probe about ${countText(count, 'abandoned record')}?`);
  }

  const interruption = new AbortController();
  const stop = terminal.onInterrupt(() => interruption.abort());
  const { retention = false } = options;
  let last = nothing;
  const report = (): void => {
    if (screen.isJson) screen.printJson({ action: 'reconcile', ...last });
    else screen.print(`asked about ${countText(last.matched, 'record')}: ${wordsOf(last)}`);
  };
  try {
    last = await records.reconcile(filter, probe, {
      ...attribution(options, terminal),
      retention,
      only,
      signal: interruption.signal,
      onProgress(at) {
        last = at;
        progress.update(
          `asked about ${numberText(at.matched)} of ${numberText(count)}: ${wordsOf(at)}`,
        );
      },
      onError(error, recordId) {
        const why = error instanceof Error ? error.message : String(error);
        terminal.stderr.write(`twiceproof: ${recordId}: the probe failed: ${why}\n`);
      },
    });
  } catch (error) {
    if (!interruption.signal.aborted) {
      progress.end();
      report();
      throw error;
    }
  } finally {
    stop();
    progress.end();
  }
  report();
  if (interruption.signal.aborted) return exitCodes.interrupted;
  return last.failed > 0 || last.held > 0 ? exitCodes.refused : exitCodes.done;
}

function wordsOf({ completed, released, held, failed, skipped }: ReconcileProgress): string {
  const parts = [
    [completed, 'completed'],
    [released, 'released'],
    [held, held === 1 ? 'goes on waiting' : 'go on waiting'],
    [failed, 'could not be asked about'],
    [skipped, 'changed meanwhile'],
  ] as const;
  const said = parts
    .filter(([each]) => each > 0)
    .map(([each, what]) => `${numberText(each)} ${what}`);
  return said.length === 0 ? 'none settled' : said.join(', ');
}
