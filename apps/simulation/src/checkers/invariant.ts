import type { Acquisition, Claim, Settlement, StoredRecord } from '@twiceproof/core';
import type { Answered, Called, Effect } from '../world/ledger.ts';
import type { World } from '../world/world.ts';

/** Where an invariant looks. Each is called with what has just happened, before it is noted. */
export interface Checker {
  /** A claim was decided at the server. */
  claimed?(world: World, claim: Claim, before: StoredRecord | undefined, answer: Acquisition): void;
  /** A settlement or a renewal was decided at the server. */
  changed?(
    world: World,
    token: string,
    before: StoredRecord | undefined,
    after: StoredRecord | undefined,
    isFreeing: boolean,
  ): void;
  /** A claim was answered, and the answer came back. */
  claimAnswered?(world: World, claim: Claim, answer: Acquisition): void;
  settlementAnswered?(world: World, id: string, token: string, answer: Settlement): void;
  effectStarts?(world: World, effect: Effect, label: string, isAborted: boolean): void;
  /** A function is under way, and looks at its signal. */
  effectGoesOn?(world: World, effect: Effect, isAborted: boolean): void;
  answered?(world: World, answer: Answered): void;
  refused?(world: World, call: Called, error: unknown): void;
  /** Nothing is scheduled any more, or nothing has come of it for a minute. */
  ends?(world: World): void;
  /** A key was asked for when all faults were over. */
  stuck?(world: World, what: string): void;
}

/** An invariant of the product, and how it is watched. */
export interface Invariant extends Checker {
  /** What holds, as a sentence. */
  readonly says: string;
}
