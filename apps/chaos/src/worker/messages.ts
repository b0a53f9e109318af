import type { Answer, Effect } from '../history/event.ts';
import type { Connection } from './open-store.ts';

/** Where a worker can be stopped or ended. */
export type Point = 'claimed' | 'effect done' | 'settled';

/** What is done to a worker at a point of a call. */
export interface Mishap {
  readonly at: Point;
  readonly how: 'kill' | 'pause';
}

/** What becomes of an abandoned attempt, and what the effect is. */
export type Mode = 'reexecute' | 'probe' | 'transactional';

export type ToWorker =
  | {
      readonly kind: 'start';
      readonly connection: Connection;
      readonly mode: Mode;
      readonly leaseMs: number;
    }
  | {
      readonly kind: 'call';
      readonly call: number;
      readonly key: string;
      readonly mishap?: Mishap | undefined;
    }
  | { readonly kind: 'provided'; readonly request: number; readonly answer: unknown }
  /** The pause that this call asked for is over. */
  | { readonly kind: 'go on'; readonly call: number }
  | { readonly kind: 'clock'; readonly offsetMs: number };

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly call: number; readonly answer: Answer }
  /** Asks the provider to do something; null where the attempt was called off. */
  | { readonly kind: 'provide'; readonly request: number; readonly effect: Effect }
  /** Asks whether an effect happened; calls off attempts up to the fence if it did not. */
  | {
      readonly kind: 'find';
      readonly request: number;
      readonly downstreamKey: string;
      readonly fence: number;
    }
  | { readonly kind: 'mishap'; readonly call: number; readonly mishap: Mishap }
  | { readonly kind: 'stalled'; readonly from: number; readonly to: number }
  /** The store has not answered this request about a key since then. */
  | {
      readonly kind: 'slow';
      readonly request: string;
      readonly key: string;
      readonly from: number;
      readonly to: number;
    };
