import type { OperationStats } from '@twiceproof/core';
import type { Command } from 'commander';
import type { Call, Runner } from '../command-call.ts';
import { usage } from '../failure.ts';
import { countText, numberText } from '../output/count-text.ts';
import type { Format } from '../output/paint.ts';
import type { Column } from '../output/table.ts';
import { visibleText } from '../output/visible-text.ts';
import {
  addFilterOptions,
  conditionOf,
  type FilterOptions,
  filterOf,
} from '../records/filter-options.ts';

export function configureStats(command: Command, runner: Runner): void {
  addFilterOptions(command)
    .description(
      'Count records by operation and status. STUCK is a part of IN PROGRESS: the lease is over. HELD and UNKNOWN are parts of STUCK, and a record may be in both. Reads every record that matches where the store cannot count.',
    )
    .action(runner.action(stats));
}

async function stats(call: Call<FilterOptions>): Promise<undefined> {
  const { screen, progress } = call;
  if (conditionOf(call.options)) {
    throw usage('stats has a column for each of these; give --status in_progress');
  }
  const { idempotency, config } = await call.open();
  const counted = await idempotency.records.stats(filterOf(call.options, config), (seen) =>
    progress.update(`counting: ${countText(seen, 'record')}`),
  );
  progress.end();
  if (screen.isJson) {
    screen.printJson({ operations: counted });
  } else if (counted.length === 0) {
    screen.note('no records match');
  } else {
    const sum = sumOf(counted);
    await screen.printTable(columns, counted.length === 1 ? counted : [...counted, sum]);
    if (sum.stuck > 0) {
      screen.note(
        'STUCK is a part of IN PROGRESS, and HELD and UNKNOWN are parts of STUCK; a record may be in both',
      );
    }
  }
  return undefined;
}

const statuses = ['in_progress', 'completed', 'failed'] as const;
const none = { in_progress: 0, completed: 0, failed: 0, stuck: 0, held: 0, unknown: 0 };
const counted = Object.keys(none) as (keyof typeof none)[];

const columns: readonly Column<OperationStats>[] = [
  { title: 'OPERATION', text: ({ operation }) => visibleText(operation), least: 12 },
  column('IN PROGRESS', (row) => row.in_progress, 'cyan'),
  column('COMPLETED', (row) => row.completed, 'green'),
  column('FAILED', (row) => row.failed, 'red'),
  column('STUCK', (row) => row.stuck, 'yellow'),
  column('HELD', (row) => row.held, 'magenta'),
  column('UNKNOWN', (row) => row.unknown, 'magenta'),
  column('ALL', totalOf, 'bold'),
];

function column(
  title: string,
  count: (row: OperationStats) => number,
  format: Format,
): Column<OperationStats> {
  return {
    title,
    text: (row) => numberText(count(row)),
    format: (row) => (count(row) === 0 ? 'dim' : format),
    align: 'right',
  };
}

function totalOf(row: OperationStats): number {
  return statuses.reduce((sum, status) => sum + row[status], 0);
}

function sumOf(rows: readonly OperationStats[]): OperationStats {
  const sum = { operation: 'TOTAL', ...none };
  for (const row of rows) for (const name of counted) sum[name] += row[name];
  return sum;
}
