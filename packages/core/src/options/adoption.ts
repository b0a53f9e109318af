import type { SettledBy } from '../store.ts';

/** One call that is about to be executed, and that another library may know already. */
export interface AdoptionCall<Args extends readonly unknown[]> {
  readonly args: Args;
  readonly recordId: string;
  readonly operation: string;
  readonly leaseMs: number;
  /** False for a lease that is not renewed. */
  readonly heartbeat: boolean;
  /** To be called when the other library's record was lost to somebody else: the signal aborts. */
  readonly onLost: () => void;
}

/** A record of the other library that was claimed along with ours, so that both see each other. */
export interface ForeignClaim {
  /** Records the result there, before it is recorded here. Rejects with `LEASE_LOST` where somebody else
   * has taken the record over. */
  complete(value: unknown): Promise<void>;
  /** Nothing is to be recorded: the next caller may execute. */
  release(): Promise<void>;
  /** Nobody knows whether the effect happened: the claim ends by itself. */
  leave(): void;
}

/** What another library knows of a call; undefined for nothing. */
export type Adopted =
  | undefined
  /** The result, which becomes the record's, and who had it. */
  | { readonly completed: unknown; readonly settledBy: SettledBy }
  /** It is being executed there; asking again makes sense after as many milliseconds. */
  | { readonly inProgressMs: number }
  /** It was done, or is under way, for another payload. */
  | { readonly mismatch: true }
  | { readonly claim: ForeignClaim };

/** Looks for work in records that another library keeps. Asked under each new claim, before the function
 * starts. What it throws reaches the caller, and nothing is executed. */
export type Adoption<Args extends readonly unknown[] = readonly unknown[]> = (
  call: AdoptionCall<Args>,
) => Promise<Adopted>;
