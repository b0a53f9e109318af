import { digest } from './names.ts';

/** How long it is believed how large the table was. */
const believedMs = 1_000;
const pageBytes = 8_192;
/** Each kind of size is 16 times the one before; the largest needs no other plans than the one before. */
const largestKind = 3;

/**
 * Names by which connections keep the statements of the common path prepared: to parse and to plan one
 * takes the server several times as long as to execute it.
 *
 * The server keeps a plan until somebody analyzes the table. One that was made while the table was small
 * reads all of it, however large it has become since. So the name says about how large the table is: a
 * table that has outgrown its plans has others made. While that is not known, statements have no name.
 */
export interface Preparation {
  /** Undefined: to be sent as it is, and planned for this once. */
  nameOf(text: string): string | undefined;
  /** From now on nothing has a name: something between us and the server loses what was prepared. */
  stop(): void;
}

/** `tableBytes` may reject, or answer NaN, where it cannot say. */
export function createPreparation(tableBytes: () => Promise<number>): Preparation {
  const names = new Map<string, string>();
  let isStopped = false;
  let isAsking = false;
  let kind: number | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;

  const ask = async (now: number) => {
    isAsking = true;
    askedAt = now;
    try {
      kind = kindOf(await tableBytes());
    } catch {
      kind = undefined;
    }
    isAsking = false;
  };

  return {
    nameOf(text) {
      if (isStopped) return undefined;
      const now = performance.now();
      const age = now - askedAt;
      if (age > believedMs && !isAsking) void ask(now);
      // After a pause, nobody knows until the answer is there.
      if (kind === undefined || age > 2 * believedMs) return undefined;
      let name = names.get(text);
      if (name === undefined) {
        // Of its text: in whatever session it is prepared, the same name is the same statement.
        name = `twiceproof_${digest(text).toString('hex', 0, 12)}`;
        names.set(text, name);
      }
      return `${name}_${kind}`;
    },
    stop() {
      isStopped = true;
    },
  };
}

function kindOf(bytes: number): number | undefined {
  if (!Number.isFinite(bytes)) return undefined;
  return Math.min(largestKind, Math.floor(Math.log2(bytes / pageBytes + 1) / 4));
}
