import type { Role } from './comparison.ts';
import type { Measure } from './figures.ts';
import { mergedSpread, type Spread } from './spread.ts';

export type Spreads = Readonly<Partial<Record<Measure, Spread>>>;

/** What a contender's work cost, and how that compares to the others. */
export interface Row {
  readonly name: string;
  readonly role: Role;
  readonly cost: Spreads;
  /** What another one cost in the same round, divided by what this one did; above 1 is cheaper. */
  readonly ratios: Readonly<Record<string, Spreads>>;
}

/** A comparison with its figures. */
export interface Result {
  readonly title: string;
  readonly atOnce: number;
  readonly rounds: number;
  readonly rows: readonly Row[];
  readonly derived: Readonly<Record<string, Spread>>;
}

/** The results of one benchmark. */
export interface Report {
  readonly benchmark: string;
  readonly results: readonly Result[];
  /** Versions of what was measured. */
  readonly versions: Readonly<Record<string, string>>;
  /** Why there are no further results. */
  readonly failure?: string;
}

/** One report of those of several runs of the same benchmark. Of comparisons, those that every run has. */
export function mergedReport(runs: readonly [Report, ...Report[]]): Report {
  const [first] = runs;
  const results = first.results.flatMap((result) => {
    const same = runs.map((run) => run.results.find(({ title }) => title === result.title));
    return same.every((each) => each !== undefined) ? [mergedResult(result, same)] : [];
  });
  const failure = runs.find((run) => run.failure !== undefined)?.failure;
  return { ...first, results, ...(failure !== undefined && { failure }) };
}

function mergedResult(result: Result, runs: readonly Result[]): Result {
  const rows = result.rows.map((row, at) => {
    const same = runs.map((run) => run.rows[at]!);
    const cost = mergedSpreads(same.map((each) => each.cost));
    const ratios = Object.keys(row.ratios).map(
      (name) => [name, mergedSpreads(same.map((each) => each.ratios[name]!))] as const,
    );
    return { ...row, cost, ratios: Object.fromEntries(ratios) };
  });
  const derived = Object.keys(result.derived).map(
    (name) => [name, mergedSpread(runs.map((run) => run.derived[name]!))] as const,
  );
  const rounds = runs.reduce((sum, run) => sum + run.rounds, 0);
  return { ...result, rounds, rows, derived: Object.fromEntries(derived) };
}

function mergedSpreads(runs: readonly Spreads[]): Spreads {
  const measures = Object.keys(runs[0]!) as Measure[];
  return Object.fromEntries(
    measures.map((measure) => [measure, mergedSpread(runs.map((run) => run[measure]!))]),
  );
}
