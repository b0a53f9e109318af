import { isPlainValue } from '../codec/index.ts';
import type { StoredRecord } from '../store.ts';
import { PlainCopies } from '../values/plain-copies.ts';

/** Larger results take longer to be copied than their keys to be looked up. */
const mostBytes = 512;

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

/** Undefined where the result is no small, plain data as it is stored: also what was encrypted is read each time. */
export function keptReplay(record: StoredRecord, value: unknown): KeptReplay | undefined {
  const { outcome, lastError, settledBy } = record;
  if (!outcome || outcome.byteLength > mostBytes || !isPlainValue(outcome)) return undefined;
  const copies = PlainCopies.of(value);
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
