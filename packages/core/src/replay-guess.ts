/**
 * For stores where reading costs less than a claim that is refused: guesses whether a claim will meet a
 * record that answers it. A wrong guess costs one more request and nothing else.
 */
export interface ReplayGuess {
  /** Whether this process met the id lately; from now on it has. */
  meet(id: string): boolean;
  /** Whether most ids that it meets for the first time have a record already. */
  areMostKnown(): boolean;
  /** Whether an id that it met for the first time had a record. */
  learn(hadRecord: boolean): void;
}

/** 256 KiB, whatever happens: an id that was pushed out counts as not met. */
const slots = 1 << 16;
/** The end of a record id is a digest: it tells ids apart by itself. */
const hashedLength = 12;
/** How much one id moves the share: the last hundred or so count. */
const weight = 1 / 64;

/**
 * A guess that knows of nothing yet; each store has one.
 *
 * @example
 * ```ts
 * import { createReplayGuess } from '@twiceproof/core';
 *
 * const guess = createReplayGuess();
 * const isReadFirst = guess.meet('prod/charge/0/x') || guess.areMostKnown();
 * ```
 */
export function createReplayGuess(): ReplayGuess {
  const met = new Uint32Array(slots);
  let share = 0;
  return {
    meet(id) {
      const hash = hashOf(id);
      const slot = hash % slots;
      const wasMet = met[slot] === hash;
      met[slot] = hash;
      return wasMet;
    },
    areMostKnown: () => share > 0.5,
    learn(hadRecord) {
      share += (Number(hadRecord) - share) * weight;
    },
  };
}

/** FNV-1a; never 0, which is an empty slot. */
function hashOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let at = Math.max(0, id.length - hashedLength); at < id.length; at += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0 || 1;
}
