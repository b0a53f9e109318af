import type { Benchmark } from './measuring/benchmark.ts';
import type { Report, Result } from './measuring/result.ts';
import { quickEffort, runRounds, usualEffort } from './measuring/rounds.ts';

/** How much is measured, and whether it is only to be seen to work. */
export interface Extent {
  readonly rounds: number;
  readonly quick: boolean;
}

/** Of what there are many, with `--quick`. */
const quickCount = 50;

/** Of a benchmark that begins now. */
export function emptyReport(benchmark: string): Report {
  const date = new Date().toISOString().slice(0, 10);
  return { benchmark, date, runs: 1, results: [], versions: {} };
}

/** Runs one benchmark in this process. A fault of it ends it, and stands in its report. */
export async function measure(
  { name, load }: Benchmark,
  { rounds, quick }: Extent,
  shown: (result: Result) => void,
): Promise<Report> {
  const effort = { ...(quick ? quickEffort : usualEffort), rounds };
  const results: Result[] = [];
  const versions: Record<string, string> = {};
  const report = { ...emptyReport(name), results, versions };
  try {
    await using cleanUp = new AsyncDisposableStack();
    const count = (full: number): number => (quick ? Math.min(full, quickCount) : full);
    const uses = (what: string, version: string) => {
      versions[what] = version;
    };
    const compare = await load();
    for await (const comparison of compare({ count, cleanUp, uses })) {
      const result = await runRounds(comparison, effort);
      shown(result);
      results.push(result);
    }
    return report;
  } catch (error) {
    return { ...report, failure: describe(error) };
  }
}

function describe(error: unknown): string {
  // What cannot be ended because it never began says nothing of why.
  if (error instanceof SuppressedError) return describe(error.suppressed);
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
