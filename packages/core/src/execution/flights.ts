import type { StoredRecord } from '../store.ts';

/** A record id that a call of this process is executing or waiting for. */
export interface Flight {
  readonly fingerprint: string | undefined;
  /** The completed record that came of it; undefined if those who wait must ask for themselves. */
  readonly landed: Promise<StoredRecord | undefined>;
}

/** The flights of one store in this process: callers of one record id share one, and its answer. */
export class Flights {
  readonly #open = new Map<string, Flight>();

  get(id: string): Flight | undefined {
    return this.#open.get(id);
  }

  /** Opens a flight unless there is one; answers how to land it, which must be called in any case. */
  open(id: string, fingerprint: string | undefined): (record: StoredRecord | undefined) => void {
    if (this.#open.has(id)) return () => {};
    const { promise, resolve } = Promise.withResolvers<StoredRecord | undefined>();
    this.#open.set(id, { fingerprint, landed: promise });
    return (record) => {
      this.#open.delete(id);
      resolve(record);
    };
  }
}
