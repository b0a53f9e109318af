import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Claim, Store } from '@twiceproof/core';
import { newClaim, rivalOf } from '../new-claim.ts';
import type { StoreCapabilities, StoreFactory, StoreHarness } from '../store-harness.ts';

/** What a spec works with. Its functions need no `this`. */
export interface StoreContext {
  readonly stores: readonly [Store, Store];
  /** Unique to this run of this spec, so that specs can share a database. */
  readonly operation: string;
  /** Length of a lease or a retention whose end is waited for. */
  readonly shortMs: number;
  readonly clockMarginMs: number;
  readonly contention: { readonly rounds: number; readonly claims: number };
  /** Whether time passes only when a spec lets it. */
  readonly isTimeVirtual: boolean;
  /** A claim of a new record id, with a new token, a lease of a minute and a retention of an hour. */
  claim(overrides?: Partial<Claim>): Claim;
  /** Another caller's claim of the same record id. */
  rival(claim: Claim, overrides?: Partial<Claim>): Claim;
  /** Monotonic milliseconds, of the store's time. */
  now(): number;
  pass(ms: number): Promise<void>;
  /** Lets a lease or a retention of `ms` end, with the store's margin. */
  outlast(ms: number): Promise<void>;
  /**
   * What `act` answers while a lease or a retention of `ms`, which it begins, goes on. Undefined says that
   * it was over: where that took longer than `ms`, the server was slow, and it acts again on a longer one.
   */
  meanwhile<T>(what: string, act: (ms: number) => Promise<T | undefined>): Promise<T>;
  /** Asks until there is an answer; fails naming `what` when there is none in a generous time. */
  eventually<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T>;
  damage(id: string): Promise<void>;
  /** A harness of the spec's own, disposed of after it. */
  open(): Promise<StoreHarness>;
}

const pollMs = 20;
const patienceMs = 15_000;
/** Six times twice as long: a server that needs more is not slow but broken. */
const mostTimesLonger = 64;

export async function withContext(
  harness: StoreHarness,
  factory: StoreFactory,
  capabilities: StoreCapabilities,
  run: (context: StoreContext) => Promise<void>,
): Promise<void> {
  const opened: StoreHarness[] = [];
  const {
    clockMarginMs = 0,
    // Side by side, waiting for longer costs little, and a busy machine meets its deadlines.
    shortMs = capabilities.parallel ? 1_000 : 300,
    contention = { rounds: 200, claims: 50 },
  } = capabilities;
  const operation = `op-${randomBytes(6).toString('base64url')}`;
  let passed = 0;

  const pass = async (ms: number) => {
    if (harness.advance === undefined) await sleep(ms);
    else await harness.advance(ms);
    passed += ms;
  };

  const context: StoreContext = {
    stores: harness.stores,
    operation,
    shortMs,
    clockMarginMs,
    contention,
    isTimeVirtual: harness.advance !== undefined,
    claim: (overrides) => newClaim({ environment: 'conformance', operation, ...overrides }),
    rival: rivalOf,
    now: () => (harness.advance === undefined ? performance.now() : passed),
    pass,
    outlast: (ms) => pass(ms + clockMarginMs + 50),
    async meanwhile(what, act) {
      for (let ms = shortMs; ms <= mostTimesLonger * shortMs; ms *= 2) {
        const from = context.now();
        const answer = await act(ms);
        if (answer !== undefined) return answer;
        // Engines count in whole milliseconds.
        if (context.now() - from < ms - 2) break;
      }
      throw new assert.AssertionError({ message: `over before its time: ${what}` });
    },
    async eventually(what, ask) {
      const tries = (patienceMs + clockMarginMs) / pollMs;
      for (let count = 0; count < tries; count += 1) {
        const answer = await ask();
        if (answer !== undefined && answer !== false) return answer;
        await pass(pollMs);
      }
      throw new assert.AssertionError({ message: `never happened: ${what}` });
    },
    async damage(id) {
      assert.ok(
        harness.damage,
        "the harness needs damage(id); if a record cannot be damaged, declare without: ['damage']",
      );
      await harness.damage(id);
    },
    async open() {
      const another = await factory();
      opened.push(another);
      return another;
    },
  };

  try {
    await run(context);
  } finally {
    for (const another of opened) await another.dispose();
  }
}
