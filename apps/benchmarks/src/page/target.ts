import type { Measure } from '../measuring/figures.ts';
import type { Report } from '../measuring/result.ts';
import type { Spread } from '../measuring/spread.ts';

/** Something to reach. */
export interface Target {
  readonly id: string;
  readonly what: string;
  readonly benchmark: string;
  readonly title: string;
  readonly figure: Figure;
  /** One of them. */
  readonly least?: number;
  readonly most?: number;
}

type Figure =
  /** How many times as fast as another one. */
  | { readonly row: string; readonly speedOf: string; readonly measure: Measure }
  /** How many times the time of another one. */
  | { readonly row: string; readonly timeOf: string; readonly measure: Measure }
  | { readonly row: string; readonly cost: Measure }
  | { readonly derived: string };

/** The same by processor time, which holds where other programs want the processors, too. */
export function byProcessor(target: Target): Target | undefined {
  const { figure } = target;
  if (!('measure' in figure) || figure.measure !== 'wall') return undefined;
  return { ...target, figure: { ...figure, measure: 'cpu' } };
}

/** The figure of a target; undefined where it was not measured. */
export function reachedIn(reports: readonly Report[], target: Target): Spread | undefined {
  const { benchmark, title, figure } = target;
  const report = reports.find((each) => each.benchmark === benchmark);
  const result = report?.results.find((each) => each.title === title);
  if ('derived' in figure) return result?.derived[figure.derived];
  const row = result?.rows.find(({ name }) => name === figure.row);
  if ('cost' in figure) return row?.cost[figure.cost];
  if ('speedOf' in figure) return row?.ratios[figure.speedOf]?.[figure.measure];
  const ratio = row?.ratios[figure.timeOf]?.[figure.measure];
  return ratio && { median: 1 / ratio.median, low: 1 / ratio.high, high: 1 / ratio.low };
}

export function isMet(
  { least = Number.NEGATIVE_INFINITY, most }: Target,
  reached: Spread,
): boolean {
  return reached.median >= least && reached.median <= (most ?? Number.POSITIVE_INFINITY);
}
