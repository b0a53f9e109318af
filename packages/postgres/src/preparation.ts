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
  /** Whether it is time to ask how large the table is. Whoever is told so asks. */
  isSizeAskedFor(): boolean;
  /** How large it is; undefined if nobody could say. */
  learn(tableBytes: number | undefined): void;
  /** From now on nothing has a name: something between us and the server loses what was prepared. */
  stop(): void;
}

export function createPreparation(): Preparation {
  const names = new Map<string, string>();
  let isStopped = false;
  let kind: number | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;

  return {
    nameOf(text) {
      if (isStopped || kind === undefined) return undefined;
      if (performance.now() - askedAt > 2 * believedMs) return undefined;
      let name = names.get(text);
      if (name === undefined) {
        // Of its text: in whatever session it is prepared, the same name is the same statement.
        name = `twiceproof_${digest(text).toString('hex', 0, 12)}`;
        names.set(text, name);
      }
      return `${name}_${kind}`;
    },
    isSizeAskedFor() {
      const now = performance.now();
      if (isStopped || now - askedAt < believedMs) return false;
      // What was known before a pause says nothing until the answer is there.
      if (now - askedAt > 2 * believedMs) kind = undefined;
      askedAt = now;
      return true;
    },
    learn(tableBytes) {
      kind = tableBytes === undefined ? undefined : kindOf(tableBytes);
    },
    stop() {
      isStopped = true;
    },
  };
}

function kindOf(bytes: number): number {
  return Math.min(largestKind, Math.floor(Math.log2(bytes / pageBytes + 1) / 4));
}
