import { type Dice, diceOf } from './dice.ts';

/** One input takes no longer, whatever it is: far more than any needs, for machines that are busy. */
const longestMs = 10_000;
const mostBytes = 256 * 1024 * 1024;

export interface Fuzzed {
  /** Inputs that were understood, so that it is seen that not all are refused at once. */
  readonly understood: number;
}

/**
 * Tries the inputs that `make` makes, from a seed that repeats them. `attempt` answers whether an input was
 * understood, and throws what must never be thrown; the input is named with it.
 */
export function fuzz<Input>(
  rounds: number,
  make: (dice: Dice, round: number) => Input,
  attempt: (input: Input) => boolean,
  show: (input: Input) => string = (input) => JSON.stringify(input),
): Fuzzed {
  const dice = diceOf(rounds);
  const prototypes = [Object, Array, Map, Set, Date, Error, Uint8Array].map((of) => of.prototype);
  const names = (): string => JSON.stringify(prototypes.map((of) => Reflect.ownKeys(of).length));
  const before = names();
  const heapBefore = process.memoryUsage().heapUsed;
  let understood = 0;
  let lastAt = performance.now();
  for (let round = 0; round < rounds; round++) {
    const input = make(dice, round);
    try {
      if (attempt(input)) understood++;
    } catch (cause) {
      throw new Error(`round ${round}: ${show(input).slice(0, 2_000)}`, { cause });
    }
    const now = performance.now();
    if (now - lastAt > longestMs) throw new Error(`round ${round} took too long: ${show(input)}`);
    lastAt = now;
  }
  if (names() !== before) throw new Error('a prototype was touched');
  if (process.memoryUsage().heapUsed - heapBefore > mostBytes) throw new Error('memory was kept');
  return { understood };
}
