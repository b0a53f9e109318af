import type { Comparison } from './comparison.ts';
import type { Figures, Measure } from './figures.ts';
import { collectRecentGarbage } from './garbage.ts';
import type { Result, Row, Spreads } from './result.ts';
import { spreadOf } from './spread.ts';

/** How much is measured. */
export interface Effort {
  readonly rounds: number;
  /** Rounds that do not count: code is compiled, connections are opened, and the number of calls is found. Two
   * of them are enough where they take a third of the budget. */
  readonly warmUps: number;
  /** How long a sample takes, about. */
  readonly sampleMs: number;
  /** After which time a comparison ends with fewer rounds, and how many it has in any case. */
  readonly budgetMs: number;
  readonly fewestRounds: number;
  /** Calls of a sample, at least; as many as are under way at the same time, or as a comparison wants, where that is
   * more and `fills`. */
  readonly fewestCalls: number;
  readonly fills: boolean;
}

/** A run that is to be published. */
export const usualEffort: Omit<Effort, 'rounds'> = {
  warmUps: 12,
  sampleMs: 100,
  budgetMs: 15_000,
  fewestRounds: 5,
  fewestCalls: 20,
  fills: true,
};

/** Shows that it works. */
export const quickEffort: Omit<Effort, 'rounds'> = {
  warmUps: 0,
  sampleMs: 1,
  budgetMs: Number.POSITIVE_INFINITY,
  fewestRounds: 1,
  fewestCalls: 5,
  fills: false,
};

const mostCalls = 20_000;

/**
 * Has every contender take one sample in every round. A machine that is slow for a while is slow for
 * all of them, so the ratios of a round hold where its times do not.
 */
export async function runRounds(
  { title, atOnce, contenders, calls: wanted, derived = {} }: Comparison,
  effort: Effort,
): Promise<Result> {
  const { rounds, warmUps, sampleMs, budgetMs, fewestRounds, fewestCalls, fills } = effort;
  const least = Math.max(fewestCalls, fills ? atOnce : 0);
  const endsAt = performance.now() + budgetMs;
  const calls = contenders.map(() => (fills && wanted) || least);
  const taken: Figures[][] = [];
  let isWarm = false;
  for (let round = 0; taken.length < rounds; round++) {
    const isSlow = endsAt - performance.now() < (2 * budgetMs) / 3;
    isWarm ||= round >= warmUps || (round >= 2 && isSlow);
    const figures = Array<Figures>(contenders.length);
    for (let turn = 0; turn < contenders.length; turn++) {
      // Each is the first of a round in its turn: nobody always cleans up after the same one.
      const at = (round + turn) % contenders.length;
      // What another one left behind would be collected in the middle of this one's calls.
      await collectRecentGarbage();
      figures[at] = await contenders[at]!.sample(calls[at]!);
      if (!isWarm && wanted === undefined) calls[at] = callsFor(figures[at]!, sampleMs, least);
    }
    if (isWarm) taken.push(figures);
    if (taken.length >= fewestRounds && performance.now() > endsAt) break;
  }
  return {
    title,
    atOnce,
    rounds: taken.length,
    rows: contenders.map(({ name, role }, at) => ({
      name,
      role,
      cost: spreads(taken, (round) => round[at]!),
      ratios: ratiosOf(taken, contenders, at),
    })),
    derived: Object.fromEntries(
      Object.entries(derived).map(([name, figure]) => [name, spreadOf(taken.map(figure))]),
    ),
  };
}

function callsFor({ wall, cpu }: Figures, sampleMs: number, least: number): number {
  const micros = wall ?? cpu;
  if (!micros) return least;
  return Math.round(Math.min(Math.max((sampleMs * 1_000) / micros, least), mostCalls));
}

/** Against the first one; of ours, against every other one. */
function ratiosOf(
  taken: readonly Figures[][],
  contenders: Comparison['contenders'],
  at: number,
): Row['ratios'] {
  const others = contenders.filter(
    ({ role }, other) =>
      other !== at && (other === 0 || (contenders[at]!.role === 'ours' && role !== 'ours')),
  );
  return Object.fromEntries(
    others.map(({ name }) => {
      const other = contenders.findIndex((each) => each.name === name);
      return [name, spreads(taken, (round) => quotient(round[other]!, round[at]!))];
    }),
  );
}

function quotient(one: Figures, other: Figures): Figures {
  const measures = Object.keys(other) as Measure[];
  return Object.fromEntries(
    measures.map((measure) => [measure, (one[measure] ?? Number.NaN) / other[measure]!]),
  );
}

function spreads(taken: readonly Figures[][], of: (round: readonly Figures[]) => Figures): Spreads {
  const figures = taken.map(of);
  const measures = Object.keys(figures[0]!) as Measure[];
  return Object.fromEntries(
    measures.map((measure) => [measure, spreadOf(figures.map((each) => each[measure]!))]),
  );
}
