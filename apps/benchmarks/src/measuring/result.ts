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
  /** The day, as `2026-01-31`. */
  readonly date: string;
  readonly runs: number;
  readonly results: readonly Result[];
  /** Versions of what was measured. */
  readonly versions: Readonly<Record<string, string>>;
  /** Why there are no further results. */
  readonly failure?: string;
}

/**
 * One report of those of several runs of the same benchmark: of those that were whole, if any was. Of comparisons, those that every
 * run has.
 */
export function mergedReport(runs: readonly [Report, ...Report[]]): Report {
  const whole = runs.filter(({ failure }) => failure === undefined);
  const [first, ...others] = whole.length > 0 ? whole : [runs[0]];
  const results = first!.results.flatMap((result) => {
    const same = others.map((run) => run.results.find(({ title }) => title === result.title));
    return same.every((each) => each !== undefined)
      ? [mergedResult(result, [result, ...same])]
      : [];
  });
  return { ...first!, runs: 1 + others.length, results };
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
