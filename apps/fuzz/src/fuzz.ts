import { collect } from '@twiceproof/counting';
import { type Dice, diceOf } from './dice.ts';

/** What inputs may cost. */
export interface Bounds {
  /** One of them, of the processor's time: a machine that is busy with other things is no failure. */
  readonly longestMs: number;
  /** All of them together, when they are over. */
  readonly mostKeptBytes: number;
  /** Any of them, while it is looked at. */
  readonly mostBytes: number;
}

const mebibyte = 1024 * 1024;
/** Far more than any input needs. */
const generous: Bounds = {
  ...{ longestMs: 2_000, mostKeptBytes: 256 * mebibyte, mostBytes: 768 * mebibyte },
};
/** So often the processor's time is read, which takes longer than many an input. */
const roundsPerReading = 500;

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
  bounds: Bounds = generous,
): Fuzzed {
  const dice = diceOf(rounds);
  const prototypes = [Object, Array, Map, Set, Date, Error, Uint8Array].map((of) => of.prototype);
  const names = (): string => JSON.stringify(prototypes.map((of) => Reflect.ownKeys(of).length));
  const before = names();
  const memory = watchMemory(bounds);
  let understood = 0;
  let startedAt = performance.now();
  let processor = process.cpuUsage();
  for (let round = 0; round < rounds; round++) {
    const input = make(dice, round);
    const failed = (why: string, cause?: unknown): Error =>
      new Error(`round ${round}${why}: ${show(input).slice(0, 2_000)}`, { cause });
    if (round % roundsPerReading === 0) processor = process.cpuUsage();
    try {
      if (attempt(input)) understood++;
    } catch (cause) {
      throw failed('', cause);
    }
    const endedAt = performance.now();
    if (endedAt - startedAt > bounds.longestMs) {
      const { user, system } = process.cpuUsage(processor);
      if ((user + system) / 1_000 > bounds.longestMs) throw failed(' took too long');
    }
    startedAt = endedAt;
  }
  if (names() !== before) throw new Error('a prototype was touched');
  memory.check();
  return { understood };
}

function watchMemory({ mostKeptBytes, mostBytes }: Bounds): { check(): void } {
  const heapBefore = process.memoryUsage().heapUsed;
  const peak = (): number => process.resourceUsage().maxRSS * 1024;
  const peakBefore = peak();
  return {
    check() {
      collect();
      if (process.memoryUsage().heapUsed - heapBefore > mostKeptBytes) {
        throw new Error('memory was kept');
      }
      if (peak() - peakBefore > mostBytes) throw new Error('an input took too much memory');
    },
  };
}
