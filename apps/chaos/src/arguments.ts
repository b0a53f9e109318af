import { parseArgs } from 'node:util';
import { subjects } from './engines/subjects.ts';
import type { Subject } from './engines/target.ts';

/** What the user asked for. */
export interface Arguments {
  readonly subjects: readonly Subject[];
  readonly keys: number;
  readonly seed: number;
  /** Whether the documentation is to tell of these runs. */
  readonly record: boolean;
  /** Instead: for how long one process is to work under faults, to see what it comes to hold. */
  readonly soakMs: number | undefined;
  readonly help: boolean;
}

/** Wrong arguments; the message says which. */
export class UsageError extends Error {}

/** For an engine, with every change tested. */
export const keysInCi = 300;
const keysInFull = 5_000;

const options = {
  keys: { type: 'string', default: String(keysInCi) },
  full: { type: 'boolean', default: false },
  seed: { type: 'string' },
  soak: { type: 'string' },
  record: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export const help: string = `Puts real workers on real engines to every fault, and accounts for each effect.

chaos [engine…]

  ${subjects.map(({ name }) => name).join(', ')}

  --keys N   pieces of work for each engine (default ${keysInCi})
  --full     ${keysInFull} of them
  --record   lets the tables of docs/running-twice.md tell of these runs
  --soak N   instead: N minutes of mixed work in one process, which must hold no more at the end
  --seed N   repeats the random choices of a run; what processes make of them differs
`;

/** Throws a `UsageError` that names what is wrong. */
export function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args);
  const chosen = positionals.map((name) => {
    const found = subjects.find((each) => each.name === name);
    if (found) return found;
    const known = subjects.map((each) => each.name).join(', ');
    throw new UsageError(`there is no engine '${name}'; there are ${known}`);
  });
  return {
    subjects: chosen.length > 0 ? chosen : subjects,
    keys: values.full ? keysInFull : whole('--keys', values.keys, 1),
    seed: whole('--seed', values.seed ?? String(Math.floor(Math.random() * 2 ** 31)), 0),
    soakMs: values.soak === undefined ? undefined : 60_000 * whole('--soak', values.soak, 1),
    record: values.record,
    help: values.help,
  };
}

function whole(name: string, text: string, from: number): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= from) return number;
  throw new UsageError(`${name} is '${text}'; give a whole number from ${from} up`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
