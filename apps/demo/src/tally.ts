import type { CallAnswer, CallReport } from './call-reports.ts';

/** How the calls of one operation were answered. */
interface Counts {
  readonly keys: Set<string>;
  readonly failedKeys: Set<string>;
  readonly answers: Record<CallAnswer, number>;
}

export interface Tally {
  add(call: CallReport): void;
  of(operation: string): Counts;
}

export function newTally(): Tally {
  const operations = new Map<string, Counts>();
  const of = (operation: string): Counts => {
    let counts = operations.get(operation);
    if (!counts) {
      const answers = { executed: 0, replayed: 0, conflict: 0, failed: 0 };
      counts = { keys: new Set(), failedKeys: new Set(), answers };
      operations.set(operation, counts);
    }
    return counts;
  };
  return {
    add({ operation, recordId, answer }) {
      const counts = of(operation);
      counts.answers[answer] += 1;
      if (recordId === undefined) return;
      counts.keys.add(recordId);
      if (answer === 'failed') counts.failedKeys.add(recordId);
    },
    of,
  };
}
