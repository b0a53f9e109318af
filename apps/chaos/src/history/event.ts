/** One line of the ledger: an effect that happened. */
export interface Effect {
  /** Unique; also what the function returned. */
  readonly effect: string;
  readonly key: string;
  /** What the provider knows the work by. */
  readonly downstreamKey: string;
  /** The call whose function it was. */
  readonly call: number;
  readonly worker: number;
  readonly token: string;
  readonly fence: number;
  readonly attempt: number;
  /** Just before the claim was asked for. */
  readonly claimedAt: number;
  readonly at: number;
}

/** One call, and what its caller got to know. */
export interface Call {
  readonly call: number;
  readonly key: string;
  readonly worker: number;
  readonly from: number;
  /** When it was answered; Infinity where it never was. */
  to: number;
  answer: Answer;
}

export type Answer =
  | { readonly kind: 'ok'; readonly value: unknown; readonly outcome: string }
  /** Nothing was started. */
  | { readonly kind: 'fail'; readonly outcome: string; readonly error: string }
  /** Its function may have had its effect, and its outcome may be recorded. */
  | { readonly kind: 'unknown'; readonly outcome: string; readonly error: string };

/** Something that was done to a worker, to the network or to an engine. */
export interface Fault {
  readonly name: string;
  /**
   * What it can bring about: a worker `killed`, a worker `paused`, a store that is `away`, one that is `slow`
   * to answer a worker, or one that `forgets` writes that it acknowledged.
   */
  readonly kind: 'killed' | 'paused' | 'away' | 'slow' | 'forgets';
  /** Process id, where it struck one worker. */
  readonly worker?: number;
  /** Where it befell the work on one key alone. */
  readonly key?: string;
  readonly from: number;
  to: number;
}
