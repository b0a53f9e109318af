import { titleOf, type Work } from '../../benchmarks/titles.ts';
import type { Role } from '../../measuring/comparison.ts';
import type { Measure } from '../../measuring/figures.ts';
import type { Report, Row } from '../../measuring/result.ts';

/** A line of a plot: a point for each number of calls at once. */
export interface Series {
  readonly name: string;
  readonly role: Role;
  /** Which of its role it is. */
  readonly order: number;
  readonly isDashed: boolean;
  readonly values: readonly number[];
}

export const positions: readonly number[] = [1, 64, 256];

/** Calls a second, of each contender; empty where not everything was measured. */
export function throughputOf(report: Report, work: Work): readonly Series[] {
  return seriesOf(report, work, 'wall', false, (micros) => 1_000_000 / micros);
}

/** Milliseconds of a call, the middle one and the slowest of a hundred. */
export function latencyOf(report: Report, work: Work): readonly Series[] {
  const same = (value: number) => value;
  return [
    ...seriesOf(report, work, 'p50', false, same),
    ...seriesOf(report, work, 'p99', true, same),
  ];
}

function seriesOf(
  { results }: Report,
  work: Work,
  measure: Measure,
  isDashed: boolean,
  figureOf: (cost: number) => number,
): Series[] {
  const points = positions.map((atOnce) =>
    results.find(({ title }) => title === titleOf(work, 'key = id', atOnce)),
  );
  if (!points.every((each) => each !== undefined)) return [];
  const [{ rows }] = points as [(typeof points)[0] & {}];
  return rows.map(({ name, role }, at) => ({
    name,
    role,
    order: rows.slice(0, at).filter((other: Row) => other.role === role).length,
    isDashed,
    values: points.map((point) => figureOf(point.rows[at]!.cost[measure]!.median)),
  }));
}
