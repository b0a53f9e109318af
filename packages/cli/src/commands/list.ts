import type { IdempotencyRecord } from '@twiceproof/core';
import { type Command, InvalidArgumentError } from 'commander';
import type { Call, Runner } from '../command-call.ts';
import { type ExitCode, exitCodes, usage } from '../failure.ts';
import { countText } from '../output/count-text.ts';
import type { Screen } from '../output/screen.ts';
import type { Column } from '../output/table.ts';
import { fittedId } from '../output/text-width.ts';
import { relativeText } from '../output/time-text.ts';
import { visibleText } from '../output/visible-text.ts';
import {
  addFilterOptions,
  conditionOf,
  type FilterOptions,
  filterOf,
  wholeNumber,
} from '../records/filter-options.ts';
import { recordFields } from '../records/record-fields.ts';
import { scan } from '../records/scan.ts';
import { shortIds } from '../records/short-id.ts';
import { errorText, statusFormat, statusText } from '../records/status-text.ts';

interface ListOptions extends FilterOptions {
  readonly limit?: number;
  readonly all?: boolean;
  readonly cursor?: string;
  readonly quiet?: boolean;
}

const defaultLimit = 50;

export function configureList(command: Command, runner: Runner): void {
  addFilterOptions(command)
    .description('List records, newest first where the store can order them.')
    .option('-n, --limit <number>', `at most so many (default: ${defaultLimit})`, positive)
    .option('-a, --all', 'all of them')
    .option('--cursor <cursor>', 'go on where an earlier list ended')
    .option('-q, --quiet', 'whole ids alone, one per line')
    .action(runner.action(list));
}

async function list(call: Call<ListOptions>): Promise<ExitCode> {
  const { options, progress, terminal } = call;
  if (options.all && options.limit !== undefined) {
    throw usage('--all and --limit contradict each other; give one');
  }
  const { idempotency, config } = await call.open();
  const filter = { ...filterOf(options, config), cursor: options.cursor };
  const most = options.all ? Number.POSITIVE_INFINITY : (options.limit ?? defaultLimit);
  const found: IdempotencyRecord[] = [];
  let cursor: string | undefined;
  let isInterrupted = false;
  const stop = terminal.onInterrupt(() => {
    isInterrupted = true;
  });
  for await (const page of scan(idempotency.records, filter, most, conditionOf(options))) {
    found.push(...page.records);
    cursor = page.cursor;
    progress.update(`looking: ${countText(found.length, 'record')} found`);
    if (isInterrupted) break;
  }
  stop();
  progress.end();
  await show(found, cursor, call);
  return isInterrupted ? exitCodes.interrupted : exitCodes.done;
}

async function show(
  records: readonly IdempotencyRecord[],
  cursor: string | undefined,
  { options, screen }: Call<ListOptions>,
): Promise<void> {
  if (options.quiet) {
    for (const { id } of records) screen.print(id);
  } else if (screen.isJson) {
    screen.printJson({ records: records.map(recordFields), cursor });
    return;
  } else if (records.length > 0) {
    await screen.printTable(columnsOf(records, screen), records);
  } else if (cursor === undefined) {
    screen.note('no records match');
  }
  if (cursor === undefined) return;
  screen.note(`${countText(records.length, 'record')} so far; go on with --cursor ${cursor}`);
}

function columnsOf(
  records: readonly IdempotencyRecord[],
  { width }: Screen,
): readonly Column<IdempotencyRecord>[] {
  const now = Date.now();
  // What goes into a file or a pipe must last; what is looked at must fit.
  const idText = width === undefined ? ({ id }: IdempotencyRecord) => id : shortIds(records);
  return [
    { title: 'ID', text: idText, least: 36, cut: fittedId },
    {
      title: 'STATUS',
      text: (record) => statusText(record, now),
      format: (record) => statusFormat(record, now),
    },
    { title: 'TRY', text: ({ attempt }) => String(attempt), align: 'right', drop: 3 },
    { title: 'STARTED', text: ({ startedAt }) => relativeText(startedAt, now), drop: 0 },
    {
      title: 'EXPIRES',
      text: ({ expiresAt }) => (expiresAt === undefined ? 'never' : relativeText(expiresAt, now)),
      drop: 4,
    },
    { title: 'KEY', text: ({ keyPreview }) => visibleText(keyPreview ?? ''), least: 12, drop: 1 },
    { title: 'ERROR', text: (record) => visibleText(errorText(record)), least: 20, drop: 2 },
  ];
}

function positive(text: string): number {
  const number = wholeNumber(text);
  if (number === 0) throw new InvalidArgumentError('Give a number above 0.');
  return number;
}
