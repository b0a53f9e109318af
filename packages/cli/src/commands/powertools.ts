import type * as Powertools from '@twiceproof/powertools';
import type { OldRecordCount } from '@twiceproof/powertools';
import type { Command } from 'commander';
import type { Call, Runner } from '../command-call.ts';
import { countText, numberText } from '../output/count-text.ts';
import type { Column } from '../output/table.ts';
import { timeText } from '../output/time-text.ts';
import { visibleText } from '../output/visible-text.ts';
import { loadPackage } from '../stores/load-package.ts';
import { openOldRecords } from '../stores/old-records.ts';

export function configurePowertools(command: Command, runner: Runner): void {
  command
    .description(
      'Count what is left of the records of AWS Powertools, by function, and when the last one expires. --store names their table, or their Redis. Reads all of it, and changes nothing.',
    )
    .action(runner.action(powertools));
}

async function powertools(call: Call<unknown>): Promise<undefined> {
  const { screen, progress, options, terminal } = call;
  const name = '@twiceproof/powertools';
  const { countOldRecords } = await loadPackage<typeof Powertools>(name, terminal.cwd, [name]);
  const old = await openOldRecords(options.store, terminal.cwd);
  let counts: readonly OldRecordCount[];
  try {
    counts = await countOldRecords(old.place, (seen) =>
      progress.update(`counting: ${countText(seen, 'record')}`),
    );
  } finally {
    progress.end();
    old.close();
  }
  if (screen.isJson) screen.printJson({ label: old.label, functions: counts });
  else if (counts.length === 0) screen.note('no records of Powertools are left');
  else await screen.printTable(columns, counts);
  return undefined;
}

const columns: readonly Column<OldRecordCount>[] = [
  { title: 'FUNCTION', text: (row) => visibleText(row.function), least: 12 },
  { title: 'COMPLETED', text: (row) => numberText(row.completed), align: 'right' },
  { title: 'IN PROGRESS', text: (row) => numberText(row.inProgress), align: 'right' },
  { title: 'EXPIRED', text: (row) => numberText(row.expired), align: 'right' },
  { title: 'LAST ONE EXPIRES', text: ({ lastExpiresAt }) => lastText(lastExpiresAt) },
];

function lastText(at: number | undefined): string {
  if (at === undefined) return 'all have expired';
  return Number.isFinite(at) ? timeText(at, Date.now()) : 'never';
}
