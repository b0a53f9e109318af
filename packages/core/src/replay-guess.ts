/**
 * For stores where reading costs less than a claim that is refused: guesses whether a claim will meet a
 * record that answers it. A wrong guess costs one more request and nothing else.
 *
 * It looks at ids, and at operations. A store that asks for many claims at once may leave ids out: the claims
 * of one tick would be two requests, those of ids that were met and the others.
 */
export interface ReplayGuess {
  /** Whether this process met the id lately; from now on it has. */
  meet(id: string): boolean;
  /** Whether most claims of the operation meet a record, of those that it was told of. */
  isLikely(operation: string): boolean;
  /** Whether a claim for which nothing else spoke met a record. */
  learn(operation: string, hadRecord: boolean): void;
}

/** How sure it has to be. */
export interface ReplayGuessOptions {
  /** Share of an operation's claims above which the next one is likely to meet a record. 0.5 unless given. */
  readonly likelyFrom?: number | undefined;
  /** About how many claims of an operation count. 64 unless given. */
  readonly memory?: number | undefined;
}

/** 256 KiB, whatever happens: an id that was pushed out counts as not met. */
const slots = 1 << 16;
/** The end of a record id is a digest: it tells ids apart by itself. */
const hashedLength = 12;
/** Whoever makes names of operations by the thousand learns anew. */
const mostOperations = 1_000;

/**
 * A guess that knows of nothing yet; each store has one.
 *
 * @example
 * ```ts
 * import { createReplayGuess } from '@twiceproof/core/toolkit';
 *
 * const guess = createReplayGuess();
 * const isReadFirst = guess.meet('prod/charge/0/x') || guess.isLikely('charge');
 * ```
 */
export function createReplayGuess({
  likelyFrom = 0.5,
  memory = 64,
}: ReplayGuessOptions = {}): ReplayGuess {
  let met: Uint32Array | undefined;
  const shares = new Map<string, number>();
  return {
    meet(id) {
      met ??= new Uint32Array(slots);
      const hash = hashOf(id);
      const slot = hash % slots;
      const wasMet = met[slot] === hash;
      met[slot] = hash;
      return wasMet;
    },
    isLikely: (operation) => (shares.get(operation) ?? 0) > likelyFrom,
    learn(operation, hadRecord) {
      const share = shares.get(operation);
      // Firsts alone are nothing to remember.
      if (share === undefined && !hadRecord) return;
      if (share === undefined && shares.size === mostOperations) shares.clear();
      const before = share ?? 0;
      shares.set(operation, before + (Number(hadRecord) - before) / memory);
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
