import { parseArgs } from 'node:util';
import type { Benchmark } from './benchmark.ts';

/** What the user asked for. */
export interface Arguments {
  readonly names: readonly string[];
  readonly rounds: number;
  readonly quick: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

/** Wrong arguments; the message says which. */
export class UsageError extends Error {}

const options = {
  rounds: { type: 'string', default: '31' },
  quick: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export function helpOn(benchmarks: readonly Benchmark[]): string {
  const width = Math.max(...benchmarks.map(({ name }) => name.length));
  const list = benchmarks.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`);
  return `Measures what Twiceproof costs, as ratios to doing the same work without it.

bench [name…]

${list.join('\n')}

  --rounds N   how often each contender is measured (default ${options.rounds.default})
  --quick      a few calls, to see that it works; the figures mean nothing
  --json       the results as one JSON document

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
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new UsageError(`--rounds is '${values.rounds}'; give a whole number from 1 up`);
  }
  const { quick, json, help } = values;
  return { names: positionals.length > 0 ? positionals : known, rounds, quick, json, help };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
