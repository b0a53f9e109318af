import type { BulkOptions, BulkProgress, RecordFilter, Records } from '@twiceproof/core';
import type { Call } from '../command-call.ts';
import { type ExitCode, exitCodes, usage } from '../failure.ts';
import { confirm } from '../output/confirm.ts';
import { countText, numberText } from '../output/count-text.ts';
import type { Session } from '../session.ts';
import { attribution, type ChangeOptions } from './change-options.ts';
import { conditionOf, type FilterOptions, filterOf, isNarrow } from './filter-options.ts';
import { scan } from './scan.ts';
import { type Standing, statusText } from './status-text.ts';

/** Something that an operator does to every record that matches. */
export interface MatchingChange {
  /** `release`, and `released` for when it is done. */
  readonly verb: string;
  readonly done: string;
  readonly consequence: string;
  readonly apply: (filter: RecordFilter, options: BulkOptions) => Promise<BulkProgress>;
}

interface Matching {
  readonly count: number;
  readonly byStanding: ReadonlyMap<Standing, number>;
  readonly latestStart: number;
}

/** Small, so that progress is told often. */
const pageSize = 50;

/** Counts what matches, asks, and does it to those records and to none that starts later. */
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
  const filter = filterOf(options, config);
  const only = conditionOf(options);
  const matching = await count(idempotency.records, filter, only, call);
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
    // What is executed meanwhile is a new start, which nobody has seen and decided about.
    { ...filter, startedBefore: matching.latestStart + 1, limit: pageSize },
    {
      ...attribution(options, terminal),
      only,
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
    if (!interruption.signal.aborted) throw error;
  } finally {
    stop();
    progress.end();
  }
  const isInterrupted = interruption.signal.aborted;
  report(last, change, call, isInterrupted);
  if (isInterrupted) return exitCodes.interrupted;
  return last.changed === 0 ? exitCodes.refused : exitCodes.done;
}

async function count(
  records: Records,
  filter: RecordFilter,
  only: BulkOptions['only'],
  { progress }: Call<unknown>,
): Promise<Matching> {
  const byStanding = new Map<Standing, number>();
  let total = 0;
  let latestStart = 0;
  for await (const page of scan(records, filter, undefined, only)) {
    for (const record of page.records) {
      const standing = statusText(record, Date.now());
      total += 1;
      byStanding.set(standing, (byStanding.get(standing) ?? 0) + 1);
      latestStart = Math.max(latestStart, record.startedAt);
    }
    progress.update(`counting: ${countText(total, 'record')}`);
  }
  progress.end();
  return { count: total, byStanding, latestStart };
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
  isInterrupted: boolean,
): void {
  if (screen.isJson) {
    screen.printJson({ action: verb, matched, changed, skipped });
    return;
  }
  // Progress is told page by page: of the last one, some may have been changed as well.
  const atLeast = isInterrupted ? 'at least ' : '';
  screen.print(`${done} ${atLeast}${countText(changed, 'record')}`);
  if (skipped > 0) {
    screen.note(
      `${countText(skipped, 'record')} left alone: executing, changed meanwhile, or not in a status for it`,
    );
  }
}
