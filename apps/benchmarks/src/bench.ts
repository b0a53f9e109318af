import { helpOn, readArguments } from './arguments.ts';
import { benchmarks } from './benchmarks/all.ts';
import { type Extent, measure } from './measure.ts';
import { measureElsewhere } from './measure-elsewhere.ts';
import { mergedReport, type Report } from './measuring/result.ts';
import { describeMachine, machine } from './output/machine.ts';
import type { Results } from './output/results.ts';
import { tableOf } from './output/table.ts';
import { targetTable } from './output/target-table.ts';
import { save, writePage } from './page/files.ts';

interface Output {
  write(text: string): unknown;
}

/** The program; answers whether everything could be measured. Throws a `UsageError` for wrong arguments. */
export async function bench(args: readonly string[], output: Output): Promise<boolean> {
  const { names, runs, json, save: saved, page, help, ...extent } = readArguments(args, benchmarks);
  if (help) {
    output.write(helpOn(benchmarks));
    return true;
  }
  if (page) {
    output.write(`${writePage().join('\n')}\n`);
    return true;
  }
  const tables: Output = json ? { write: () => {} } : output;
  tables.write(`${describeMachine(machine)}; ${extent.rounds} rounds\n`);
  const reports: Report[] = [];
  const results = (): Results => ({
    machine,
    reports: names.flatMap((name) => {
      const [first, ...others] = reports.filter(({ benchmark }) => benchmark === name);
      return first ? [mergedReport([first, ...others])] : [];
    }),
  });
  for (let run = 1; run <= runs; run++) {
    for (const name of names) {
      tables.write(`\n${name}${runs > 1 ? `, run ${run} of ${runs}` : ''}\n`);
      const report = await reportOf(name, extent, tables, json, runs * names.length > 1);
      if (report.failure !== undefined)
        process.stderr.write(`\n${name} could not be measured: ${report.failure}\n`);
      reports.push(report);
      // At once: whoever ends it early has what there is.
      if (saved) save(results());
    }
  }
  if (!extent.quick) tables.write(`\n${targetTable(results().reports)}`);
  if (json) output.write(`${JSON.stringify(results(), null, 2)}\n`);
  return reports.every(({ failure }) => failure === undefined);
}

async function reportOf(
  name: string,
  { rounds, quick }: Extent,
  tables: Output,
  json: boolean,
  isOneOfMany: boolean,
): Promise<Report> {
  if (isOneOfMany) return measureElsewhere(name, { rounds, quick }, !json);
  const benchmark = benchmarks.find((each) => each.name === name)!;
  return measure(benchmark, { rounds, quick }, (result) => tables.write(`\n${tableOf(result)}`));
}
