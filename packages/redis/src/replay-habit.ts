/**
 * Which operations are mostly replayed at the moment. A plain read costs half of what a claim costs,
 * so for those it comes first; where it finds nothing, it was one request too many. Unlike core's guess
 * it does not look at ids: the claims of one tick would be two requests, those of ids that were met and
 * the others.
 */
export interface ReplayHabit {
  isLikely(operation: string): boolean;
  note(operation: string, wasReplayed: boolean): void;
}

const likelyFrom = 0.9;
/** About this many calls are remembered. */
const memory = 32;
const mostOperations = 1_000;

export function createReplayHabit(): ReplayHabit {
  const shares = new Map<string, number>();
  return {
    isLikely: (operation) => (shares.get(operation) ?? 0) > likelyFrom,
    note(operation, wasReplayed) {
      const share = shares.get(operation);
      if (share === undefined && !wasReplayed) return;
      if (share === undefined && shares.size === mostOperations) shares.clear();
      const before = share ?? 0;
      shares.set(operation, before + (Number(wasReplayed) - before) / memory);
    },
  };
}
