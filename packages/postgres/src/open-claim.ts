import type { EncodedOutcome, FailureNote, Settlement, StoredRecord } from '@twiceproof/core';
import { IdempotencyError } from '@twiceproof/core';
import { systemClock } from '@twiceproof/core/toolkit';
import type { PostgresQueryable } from './client.ts';
import type { Row } from './database.ts';
import { withinTimeout } from './deadline.ts';
import { EffectActivity } from './effect-activity.ts';
import { isInDoubt, isServerError } from './faults.ts';
import { guarded } from './guarded-transaction.ts';
import { unpacked } from './row-formats.ts';
import { completion, failed, settled } from './settle.ts';
import { undoEffect } from './sql/savepoint.ts';
import { type Ending, settleParams } from './sql/settle.ts';

/** A claim whose transaction is open: nobody else sees it, and it is gone if its connection is. */
export interface OpenClaim {
  readonly record: StoredRecord;
  /** For the effect. */
  readonly tx: PostgresQueryable;
  /** Settles with the transaction: what the effect wrote appears together with its result. */
  complete(outcome: EncodedOutcome): Promise<Settlement>;
  /** Undoes the effect, and notes the failure. */
  release(failure: FailureNote): Promise<Settlement>;
  /**
   * Puts off the end of the lease, at which everything is undone. False if that is over.
   *
   * @throws what keeps it from knowing that the transaction is still there.
   */
  renew(leaseMs: number): Promise<boolean>;
  /** Resolves when the transaction is to be ended: `true` to commit. */
  readonly ending: Promise<boolean>;
  /** Whether a statement is under way: then there is no end for it but that of its connection. */
  isBusy(): boolean;
  /** Rejects if it ends without a settlement: with its lease, or because others wait for its connection. */
  readonly cutOff: Promise<never>;
}

export interface OpenClaimOptions {
  readonly record: StoredRecord;
  readonly leaseMs: number;
  readonly tx: PostgresQueryable;
  readonly settleSql: string;
  readonly lockTimeout: string;
  readonly timeoutMs: number;
  /** The number of the transaction: another one, or none, must not settle for it. */
  readonly xact: string;
  /** Resolves when the transaction was committed; rejects otherwise. */
  readonly committed: () => Promise<unknown>;
  /** What the server says that the transaction's session does; undefined where no network can fail. */
  readonly sessionState: (() => Promise<string | undefined>) | undefined;
  /** How long the effect may leave the transaction unused while others wait for its connection. */
  readonly idleTimeoutMs: number;
  readonly isWaitedFor: () => boolean;
}

const looksPerIdleTimeout = 5;
const longestLookMs = 3_600_000;

export function openClaim(options: OpenClaimOptions): OpenClaim {
  const { record, tx, settleSql, lockTimeout, timeoutMs, xact, committed } = options;
  const { id, token } = record;
  const { promise: ending, resolve: end } = Promise.withResolvers<boolean>();
  const { promise: cutOff, reject: cut } = Promise.withResolvers<never>();
  cutOff.catch(() => {});
  const activity = new EffectActivity();
  let over: Error | undefined;
  let endLease: (() => void) | undefined;

  const ask = (text: string, params?: unknown[]) =>
    withinTimeout(tx.query(text, params), timeoutMs, 'Postgres did not answer');
  const stopTimers = () => {
    endLease?.();
    clearInterval(idle);
  };
  const finish = (isToBeCommitted: boolean) => {
    over ??= new Error('the transaction of this execution is over');
    stopTimers();
    end(isToBeCommitted);
  };
  const cutOffWith = (why: string) => {
    over = new IdempotencyError('LEASE_LOST', `${id}: its transaction was rolled back: ${why}`, {
      recordId: id,
    });
    cut(over);
    finish(false);
  };
  const holdFor = (leaseMs: number) => {
    endLease?.();
    const onEnd = () => cutOffWith('its lease was over; call again');
    endLease = systemClock.schedule(leaseMs, onEnd, true);
  };
  holdFor(options.leaseMs);

  const { idleTimeoutMs, isWaitedFor } = options;
  let looksInVain = 0;
  // Node would look every millisecond at intervals that are longer than its timers.
  const lookEveryMs = Math.min(idleTimeoutMs / looksPerIdleTimeout, longestLookMs);
  const idle = setInterval(() => {
    looksInVain = activity.isBusy || !isWaitedFor() ? 0 : looksInVain + 1;
    if (looksInVain < looksPerIdleTimeout || activity.idleMs < idleTimeoutMs) return;
    cutOffWith(
      `for ${idleTimeoutMs} ms nothing was sent through tx, while others waited for its connection. An effect that asks the client itself waits for its own transaction: send everything through tx, give the pool more connections, or raise idleTimeout`,
    );
  }, lookEveryMs);
  idle.unref();

  const settleWith = async (ending: Ending, isToBeUndone: boolean): Promise<Settlement> => {
    if (over) return { status: 'lost' };
    // Nothing of the effect may come after its settlement, and no end of the lease between its steps.
    over = new Error('the transaction of this execution is over');
    stopTimers();
    try {
      if (isToBeUndone) await ask(undoEffect);
      const { rows } = await ask(settleSql, [...settleParams([ending], lockTimeout), xact]);
      if (rows.length === 0) throw notItsOwn(id);
      finish(true);
      await committed();
      return { status: 'done', record: settled(record, ending, unpacked(rows[0] as Row)) };
    } catch (error) {
      finish(false);
      // With its connection gone, nobody knows: asked again, the store looks for the record.
      throw isServerError(error) && !isInDoubt(error) ? undone(id, error) : error;
    }
  };

  /**
   * That the transaction is still there, and the network between us. Another connection asks: a statement
   * on this one might get in the way of the effect's.
   */
  const proveAlive = async (ask: () => Promise<string | undefined>): Promise<void> => {
    const { isBusy, answered } = activity;
    const state = await ask();
    // A state that the effect has changed meanwhile says as little as one that it has not yet reached.
    if (activity.isBusy !== isBusy || activity.answered !== answered) return;
    // What it is, where the server does not say, counts as what it should be.
    const isElsewhere = isBusy ? state?.startsWith('idle') : state === 'idle';
    if (state === undefined || isElsewhere)
      throw new Error(`the server does not know what ${id} waits for`);
  };

  return {
    record,
    tx: guarded(tx, { end: () => over, onSent: activity.onSent }),
    ending,
    cutOff,
    isBusy: () => activity.isBusy,
    // A recorded error is the outcome of an effect that failed: what it had written is undone.
    complete: (outcome) =>
      settleWith(completion(id, token, outcome), outcome.lastError !== undefined),
    release: (failure) => settleWith(failed(id, token, failure), true),
    async renew(leaseMs) {
      if (over) return false;
      if (options.sessionState) await proveAlive(options.sessionState);
      if (over) return false;
      holdFor(leaseMs);
      return true;
    },
  };
}

/** No outage, where core would wonder whether the completion had landed: it has not. */
function undone(recordId: string, cause: Error): IdempotencyError<'LEASE_LOST'> {
  return new IdempotencyError(
    'LEASE_LOST',
    `${recordId}: its transaction could not be committed, so the effect and the record were both rolled back (${cause.message}); mend what the cause says, then call again`,
    { recordId, cause },
  );
}

/** Ended by somebody who got around the guard: what the effect wrote may be kept. */
function notItsOwn(recordId: string): IdempotencyError<'LEASE_LOST'> {
  return new IdempotencyError(
    'LEASE_LOST',
    `${recordId}: its transaction was ended by something else than its settlement, so its effect may have been kept without its result; find out whether it was before you call again`,
    { recordId },
  );
}
