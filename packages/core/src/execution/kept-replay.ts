import type { StoredRecord } from '../store.ts';
import type { PlainCopies } from '../values/plain-copies.ts';
import { copiesOfResult } from './kept-result.ts';

/** A replay that is likely to come once more: what it takes to give it without reading the outcome anew. */
export class KeptReplay {
  /** Shared by those who are answered by it, so that it has no bytes that one of them could change. */
  readonly record: StoredRecord;
  readonly #copies: PlainCopies;
  #shared: unknown;

  constructor(record: StoredRecord, copies: PlainCopies) {
    this.record = record;
    this.#copies = copies;
  }

  /** The recorded result: a copy for each caller. */
  get value(): unknown {
    return this.#copies.next();
  }

  /** The recorded result, for callers that change nothing of it: the same one for all of them, and frozen. */
  get shared(): unknown {
    this.#shared ??= frozen(this.#copies.next());
    return this.#shared;
  }
}

/** Bytes cannot be. */
function frozen(value: unknown): unknown {
  return ArrayBuffer.isView(value) ? value : Object.freeze(value);
}

/** Undefined as for {@link copiesOfResult}. */
export function keptReplay(record: StoredRecord, value: unknown): KeptReplay | undefined {
  const { outcome, lastError, settledBy } = record;
  const copies = outcome && copiesOfResult(outcome, value);
  if (!copies) return undefined;
  const shared = Object.freeze({
    ...record,
    outcome: undefined,
    outcomeBytes: outcome.byteLength,
    lastError: lastError && Object.freeze({ ...lastError }),
    settledBy: settledBy && Object.freeze({ ...settledBy }),
  });
  return new KeptReplay(shared, copies);
}
