import { availableParallelism, cpus } from 'node:os';
import { helpOn, readArguments } from './arguments.ts';
import type { Benchmark } from './benchmark.ts';
import { benchmarks } from './benchmarks.ts';
import { type Report, tableOf } from './report.ts';
import { type Result, runRounds } from './rounds.ts';

/** Calls in place of a sample's usual number, with `--quick`. */
const quickCalls = 50;

/** The program. Throws a `UsageError` for wrong arguments. */
export async function bench(
  args: readonly string[],
  output: { write(text: string): unknown },
): Promise<void> {
  const { names, rounds, quick, json, help } = readArguments(args, benchmarks);
  if (help) {
    output.write(helpOn(benchmarks));
    return;
  }
  const calls = (full: number): number => (quick ? quickCalls : full);
  const machine = {
    node: process.version,
    processor: cpus()[0]?.model,
    cores: availableParallelism(),
  };
  if (!json)
    output.write(
      `${Object.values(machine).join(', ')} cores; ${rounds} ${rounds === 1 ? 'round' : 'rounds'}\n`,
    );
  const reports: Report[] = [];
  for (const benchmark of benchmarks.filter(({ name }) => names.includes(name))) {
    if (!json) output.write(`\n${benchmark.name}\n`);
    const shown = (result: Result) => json || output.write(`\n${tableOf(result)}`);
    const results = await resultsOf(benchmark, calls, rounds, shown);
    reports.push({ benchmark: benchmark.name, results });
  }
  if (json) output.write(`${JSON.stringify({ machine, rounds, reports }, null, 2)}\n`);
}

async function resultsOf(
  { prepare }: Benchmark,
  calls: (full: number) => number,
  rounds: number,
  shown: (result: Result) => void,
): Promise<Result[]> {
  await using cleanUp = new AsyncDisposableStack();
  const results: Result[] = [];
  for (const comparison of await prepare({ calls, cleanUp })) {
    const result = await runRounds(comparison, rounds);
    shown(result);
    results.push(result);
  }
  return results;
}
