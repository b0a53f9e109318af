import { parseArgs } from 'node:util';
import type { Benchmark } from './measuring/benchmark.ts';

/** What the user asked for. */
export interface Arguments {
  readonly names: readonly string[];
  readonly rounds: number;
  readonly runs: number;
  readonly quick: boolean;
  readonly json: boolean;
  readonly save: boolean;
  readonly page: boolean;
  readonly help: boolean;
}

/** Wrong arguments; the message says which. */
export class UsageError extends Error {}

const options = {
  rounds: { type: 'string', default: '21' },
  runs: { type: 'string', default: '1' },
  quick: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  growth: { type: 'boolean', default: false },
  save: { type: 'boolean', default: false },
  page: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export function helpOn(benchmarks: readonly Benchmark[]): string {
  const width = Math.max(...benchmarks.map(({ name }) => name.length));
  const list = benchmarks.map(
    ({ name, about, onRequest }) =>
      `  ${name.padEnd(width)}  ${about}${onRequest ? ' (takes minutes; where it is named)' : ''}`,
  );
  return `Measures what Twiceproof costs, as ratios to doing the same work without it.

bench [name…]

${list.join('\n')}

  --rounds N   how often each contender is measured, if there is time (default ${options.rounds.default})
  --runs N     how often all of it is run, each in processes of its own; figures are merged (default 1)
  --growth     the benchmark 'growth', too
  --quick      a few calls, to see that it works; the figures mean nothing
  --json       the results as one JSON document
  --save       the results into the file that docs/speed.md is made of, and that page anew
  --page       nothing is measured: docs/speed.md is made of the results that are there

REDIS_URL, POSTGRES_URL and DYNAMODB_ENDPOINT name engines of yours; without them
they are started for the run.
`;
}

/** Throws a `UsageError` that names what is wrong. */
export function readArguments(
  args: readonly string[],
  benchmarks: readonly Benchmark[],
): Arguments {
  const { values, positionals } = parse(args);
  const known = benchmarks.map(({ name }) => name);
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`there is no benchmark '${unknown}'; there are ${known.join(', ')}`);
  }
  const { quick, json, save, page, help } = values;
  if (quick && save) throw new UsageError('--quick measures nothing that could be saved');
  const usual = benchmarks.filter(({ onRequest }) => values.growth || !onRequest);
  return {
    names: positionals.length > 0 ? positionals : usual.map(({ name }) => name),
    ...{ rounds: count('--rounds', values.rounds), runs: count('--runs', values.runs) },
    ...{ quick, json, save, page, help },
  };
}

function count(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new UsageError(`${option} is '${text}'; give a whole number from 1 up`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
