import { helpOn, readArguments } from './arguments.ts';
import { benchmarks } from './benchmarks/all.ts';
import { type Extent, measure } from './measure.ts';
import { measureElsewhere } from './measure-elsewhere.ts';
import { mergedReport, type Report } from './measuring/result.ts';
import { describeMachine, machine } from './output/machine.ts';
import type { Results } from './output/results.ts';
import { tableOf } from './output/table.ts';

interface Output {
  write(text: string): unknown;
}

/** The program; answers whether everything could be measured. Throws a `UsageError` for wrong arguments. */
export async function bench(args: readonly string[], output: Output): Promise<boolean> {
  const { names, runs, json, help, ...extent } = readArguments(args, benchmarks);
  if (help) {
    output.write(helpOn(benchmarks));
    return true;
  }
  const tables: Output = json ? { write: () => {} } : output;
  tables.write(`${describeMachine(machine)}; ${extent.rounds} rounds\n`);
  const plan = Array.from({ length: runs }, () => names).flat();
  const reports: Report[] = [];
  for (const name of plan) {
    tables.write(`\n${name}\n`);
    const report = await reportOf(name, extent, tables, json, plan.length > 1);
    if (report.failure !== undefined)
      process.stderr.write(`\n${name} could not be measured: ${report.failure}\n`);
    reports.push(report);
  }
  const results: Results = {
    date: new Date().toISOString().slice(0, 10),
    machine,
    ...{ rounds: extent.rounds, runs },
    reports: names.map((name) => mergedReport(reportsOn(name, reports))),
  };
  if (json) output.write(`${JSON.stringify(results, null, 2)}\n`);
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

function reportsOn(name: string, reports: readonly Report[]): [Report, ...Report[]] {
  return reports.filter(({ benchmark }) => benchmark === name) as [Report, ...Report[]];
}
