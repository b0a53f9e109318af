import { type IdempotencyError, isIdempotencyError } from '../errors.ts';
import type { StoredRecord } from '../store.ts';
import type { Call } from './call.ts';
import type { NestedExecution } from './nested-execution.ts';

/**
 * What came of a flight: a completed record, or an outage that everybody would meet who asks now,
 * with what the store had said before. Undefined if those who wait must ask for themselves.
 */
export type Landing =
  | {
      readonly record: StoredRecord;
      /** The outcome before it was sealed, if it was recorded in this flight. */
      readonly recorded: Uint8Array | undefined;
      readonly outage?: never;
    }
  | { readonly record: StoredRecord | undefined; readonly outage: IdempotencyError }
  | undefined;

/** A record id that a call of this process is executing or waiting for. */
export class Flight {
  readonly id: string;
  readonly fingerprint: string | undefined;
  /** What is executing in it, once that has begun. */
  execution: NestedExecution | undefined;
  #landing: PromiseWithResolvers<Landing> | undefined;

  constructor(id: string, fingerprint: string | undefined) {
    this.id = id;
    this.fingerprint = fingerprint;
  }

  get landed(): Promise<Landing> {
    // Made when somebody joins: most flights are alone.
    this.#landing ??= Promise.withResolvers();
    return this.#landing.promise;
  }

  get isJoined(): boolean {
    return this.#landing !== undefined;
  }

  land(landing: Landing): void {
    this.#landing?.resolve(landing);
  }
}

/** The flights of one store in this process: callers of one record id share one, and its answer. */
export class Flights {
  /** One of them, which mostly is the only one: a Map of few that come and go is made anew all the time. */
  #one: Flight | undefined;
  readonly #others = new Map<string, Flight>();

  get(id: string): Flight | undefined {
    if (this.#one?.id === id) return this.#one;
    return this.#others.size === 0 ? undefined : this.#others.get(id);
  }

  /** Opens a flight; undefined if there is one. Who opened it must land it. */
  open(id: string, fingerprint: string | undefined): Flight | undefined {
    if (this.get(id)) return undefined;
    const flight = new Flight(id, fingerprint);
    if (this.#one) this.#others.set(id, flight);
    else this.#one = flight;
    return flight;
  }

  /** Tells who executes, so that circles are seen also where another call has opened the flight. */
  board(id: string, execution: NestedExecution): void {
    const flight = this.get(id);
    if (flight) flight.execution = execution;
  }

  /** Ends a flight. Once more for one that has landed does nothing. */
  land(flight: Flight, landing: Landing): void {
    const { id } = flight;
    // Whoever waited for one that landed early may have opened the next.
    if (this.#one === flight) this.#one = undefined;
    else if (this.#others.get(id) === flight) this.#others.delete(id);
    flight.land(landing);
  }
}

/** What the end of a call means to those who waited for it. */
export function landingOf({ info, recorded }: Call): Landing {
  const { record, outcome, attempt, error } = info;
  if (record?.status === 'completed') return { record, recorded };
  if (outcome !== 'store_error' || attempt !== undefined) return undefined;
  return isIdempotencyError(error) ? { record, outage: error } : undefined;
}
