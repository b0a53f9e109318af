import type { EncodedOutcome, FailureNote, Settlement, StoredRecord } from '@twiceproof/core';
import { IdempotencyError } from '@twiceproof/core';
import type { PostgresQueryable } from './client.ts';
import type { Row } from './database.ts';
import { leavesConnectionUsable } from './faults.ts';
import { guarded } from './guarded-transaction.ts';
import { toRecord } from './row.ts';
import { completion, failed } from './settle.ts';
import { undoEffect } from './sql/savepoint.ts';
import { type Ending, settleParams } from './sql/settle.ts';

/** A claim whose transaction is open: nobody else sees it, and it is gone if its connection is. */
export interface OpenClaim {
  readonly record: StoredRecord;
  /** For the effect. */
  readonly tx: PostgresQueryable;
  /** Settles with the transaction: what the effect wrote appears together with the outcome. */
  complete(outcome: EncodedOutcome): Promise<Settlement>;
  /** Undoes the effect, and notes the failure. */
  release(failure: FailureNote): Promise<Settlement>;
  /** Puts off the end of the lease, at which everything is undone. False if that is over. */
  renew(leaseMs: number): boolean;
  /** Resolves when the transaction is to be ended: `true` to commit. */
  readonly ending: Promise<boolean>;
}

export interface OpenClaimOptions {
  readonly record: StoredRecord;
  readonly leaseMs: number;
  readonly tx: PostgresQueryable;
  readonly settleSql: string;
  readonly lockTimeout: string;
  /** Resolves when the transaction was committed; rejects otherwise. */
  readonly committed: () => Promise<unknown>;
}

export function openClaim(options: OpenClaimOptions): OpenClaim {
  const { record, tx, settleSql, lockTimeout, committed } = options;
  const { id, token } = record;
  const { promise: ending, resolve: end } = Promise.withResolvers<boolean>();
  let isOver = false;
  let lease: NodeJS.Timeout | undefined;

  const finish = (isToBeCommitted: boolean) => {
    isOver = true;
    clearTimeout(lease);
    end(isToBeCommitted);
  };
  const holdFor = (leaseMs: number) => {
    clearTimeout(lease);
    lease = setTimeout(() => finish(false), leaseMs);
    lease.unref();
  };
  holdFor(options.leaseMs);

  const settleWith = async (ending: Ending, before?: string): Promise<Settlement> => {
    if (isOver) return { status: 'lost' };
    // Nothing of the effect may come after its settlement, and no end of the lease between its steps.
    isOver = true;
    clearTimeout(lease);
    try {
      if (before) await tx.query(before);
      const { rows } = await tx.query(settleSql, settleParams([ending], lockTimeout));
      finish(rows.length > 0);
      if (rows.length === 0) return { status: 'lost' };
      await committed();
      return { status: 'done', record: toRecord(rows[0] as Row) };
    } catch (error) {
      finish(false);
      // With its connection gone, nobody knows: asked again, the store looks for the record.
      throw leavesConnectionUsable(error) ? undone(id, error as Error) : error;
    }
  };

  return {
    record,
    tx: guarded(tx, () => isOver),
    ending,
    complete: (outcome) => settleWith(completion(id, token, outcome)),
    release: (failure) => settleWith(failed(id, token, failure), undoEffect),
    renew(leaseMs) {
      if (!isOver) holdFor(leaseMs);
      return !isOver;
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
