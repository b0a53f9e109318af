import type { BulkOptions, BulkProgress, RecordFilter } from '@twiceproof/core';
import type { Call } from '../command-call.ts';
import { type ExitCode, exitCodes, usage } from '../failure.ts';
import { confirm } from '../output/confirm.ts';
import { countText, numberText } from '../output/count-text.ts';
import type { Session } from '../session.ts';
import { attribution, type ChangeOptions } from './change-options.ts';
import { countMatching, type Matching } from './count-matching.ts';
import { conditionOf, type FilterOptions, filterOf, isNarrow } from './filter-options.ts';

/** Something that an operator does to every record that matches. */
export interface MatchingChange {
  /** `release`, and `released` for when it is done. */
  readonly verb: string;
  readonly done: string;
  readonly consequence: string;
  readonly apply: (filter: RecordFilter, options: BulkOptions) => Promise<BulkProgress>;
}

/** Small, so that progress is told often. */
const pageSize = 50;

/** Counts what matches, asks, and does it to those records alone. */
export async function changeMatching(
  call: Call<ChangeOptions & FilterOptions>,
  { idempotency, config }: Session,
  change: MatchingChange,
): Promise<ExitCode> {
  const { options, terminal, screen, progress } = call;
  if (options.ifVersion !== undefined) throw usage('--if-version is about one record; give its id');
  if (!isNarrow(options)) {
    throw usage('--where needs a filter, such as --operation or --started-after');
  }
  const matching = await countMatching(
    idempotency.records,
    filterOf(options, config),
    conditionOf(options),
    call,
  );
  if (matching.count === 0) {
    if (screen.isJson)
      screen.printJson({ action: change.verb, matched: 0, changed: 0, skipped: 0 });
    else screen.note('no records match; nothing was changed');
    return exitCodes.done;
  }
  if (!options.yes) await confirm(terminal, question(matching, change));

  const interruption = new AbortController();
  const stop = terminal.onInterrupt(() => interruption.abort());
  let last: BulkProgress = { matched: 0, changed: 0, skipped: 0 };
  const done = change.apply(
    { ...matching.filter, limit: pageSize },
    {
      ...attribution(options, terminal),
      only: matching.only,
      signal: interruption.signal,
      onProgress(at) {
        last = at;
        progress.update(
          `${change.done} ${numberText(at.changed)} of ${numberText(matching.count)}`,
        );
      },
    },
  );
  try {
    last = await done;
  } catch (error) {
    if (!interruption.signal.aborted) {
      // The store went away after some of them.
      progress.end();
      report(last, change, call, true);
      throw error;
    }
  } finally {
    stop();
    progress.end();
  }
  const isInterrupted = interruption.signal.aborted;
  report(last, change, call, isInterrupted);
  if (isInterrupted) return exitCodes.interrupted;
  return last.changed === 0 || last.skipped > 0 ? exitCodes.refused : exitCodes.done;
}

function question({ count, byStanding }: Matching, { verb, consequence }: MatchingChange): string {
  const parts = [...byStanding].map(([standing, each]) => `${numberText(each)} ${standing}`);
  const capital = verb[0]!.toUpperCase() + verb.slice(1);
  const [what, them] =
    count === 1 ? ['1 record matches', 'it'] : [`${countText(count, 'record')} match`, 'them'];
  return `${what}: ${parts.join(', ')}\n${capital} ${them}? ${consequence}`;
}

function report(
  { matched, changed, skipped }: BulkProgress,
  { verb, done }: MatchingChange,
  { screen }: Call<unknown>,
  isPartial: boolean,
): void {
  if (screen.isJson) {
    screen.printJson({ action: verb, matched, changed, skipped });
    return;
  }
  // Progress is told page by page: of the last one, some may have been changed as well.
  const atLeast = isPartial ? 'at least ' : '';
  screen.print(`${done} ${atLeast}${countText(changed, 'record')}`);
  if (skipped > 0) {
    screen.note(
      `${countText(skipped, 'record')} left alone: executing, changed meanwhile, or not in a status for it`,
    );
  }
}
