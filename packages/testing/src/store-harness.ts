import type { Store } from '@twiceproof/core';

/** What the suite needs to try a store out. */
export interface StoreHarness {
  /** Two stores on the same data, each with a client of its own, as two processes would have. */
  readonly stores: readonly [Store, Store];
  /** Damages the stored record behind the store's back, so that it can no longer be read. */
  damage?(id: string): Promise<void>;
  /** Lets this much virtual time pass. Without it the suite waits in real time. */
  advance?(ms: number): void | Promise<void>;
  /** Leaves every connection that the first store has with a server that answers reads and refuses
   * writes, as a failover does; new connections lead to the right one. Asked only of a harness that a
   * test has for itself. */
  failOver?(): Promise<void>;
  /** Rejects if the client of the first store no longer works; asked after `close`. */
  clientWorks?(): Promise<unknown>;
  /** Called once, after the last test. */
  dispose(): Promise<void>;
}

export type StoreFactory = () => Promise<StoreHarness>;

/** What a store may leave out. `stats` is not expected unless `hasStats` says so, nor `failOver` unless
 * `canFailOver` does; `damage` is the harness's, too; `pausedRetirement` is for engines that remove a
 * record the moment it expires. */
export type OptionalPart =
  | 'extend'
  | 'fill'
  | 'setup'
  | 'watch'
  | 'close'
  | 'stats'
  | 'damage'
  | 'failOver'
  | 'pausedRetirement';

/** How a store differs from one that has everything and a clock of its own. */
export interface StoreCapabilities {
  /** Parts that the store does not have; their tests are left out. None unless given. */
  readonly without?: readonly OptionalPart[] | undefined;
  /** Whether the store has `stats`. False unless given: most engines cannot count for less. */
  readonly hasStats?: boolean | undefined;
  /** Whether the harness has `failOver`. False unless given: it takes a second server, or a server that
   * can be told to refuse writes. */
  readonly canFailOver?: boolean | undefined;
  /** Milliseconds by which a lease or a retention may end late. 0 unless given. */
  readonly clockMarginMs?: number | undefined;
  /** Milliseconds of the leases and retentions whose end is waited for. Unless given, 300, and 1000
   * where tests wait side by side. */
  readonly shortMs?: number | undefined;
  /** Whether tests wait side by side for leases and retentions to end; not with a virtual clock, which
   * they share. Those of contention and of paused retirement run alone all the same. False unless given. */
  readonly parallel?: boolean | undefined;
  /** Size of the contention tests. 200 rounds of 50 claims unless given. */
  readonly contention?: { readonly rounds: number; readonly claims: number } | undefined;
}
