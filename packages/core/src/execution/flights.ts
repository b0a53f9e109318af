import type { StoredRecord } from '../store.ts';

/** A record id that a call of this process is executing or waiting for. */
export class Flight {
  readonly fingerprint: string | undefined;
  #landing: PromiseWithResolvers<StoredRecord | undefined> | undefined;

  constructor(fingerprint: string | undefined) {
    this.fingerprint = fingerprint;
  }

  /** The completed record that came of it; undefined if those who wait must ask for themselves. */
  get landed(): Promise<StoredRecord | undefined> {
    // Made when somebody joins: most flights are alone.
    this.#landing ??= Promise.withResolvers();
    return this.#landing.promise;
  }

  land(record: StoredRecord | undefined): void {
    this.#landing?.resolve(record);
  }
}

/** The flights of one store in this process: callers of one record id share one, and its answer. */
export class Flights {
  readonly #open = new Map<string, Flight>();

  get(id: string): Flight | undefined {
    return this.#open.get(id);
  }

  /** Opens a flight; undefined if there is one. Who opened it must land it. */
  open(id: string, fingerprint: string | undefined): Flight | undefined {
    if (this.#open.has(id)) return undefined;
    const flight = new Flight(fingerprint);
    this.#open.set(id, flight);
    return flight;
  }

  /** Ends a flight. Once more for one that has landed does nothing. */
  land(id: string, flight: Flight, record: StoredRecord | undefined): void {
    // Whoever waited for one that landed early may have opened the next.
    if (this.#open.get(id) === flight) this.#open.delete(id);
    flight.land(record);
  }
}
