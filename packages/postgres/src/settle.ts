import {
  type EncodedOutcome,
  type FailureNote,
  isOutcomeUnknown,
  type Settlement,
  type StoredRecord,
} from '@twiceproof/core';
import { hex, storable } from './array-literal.ts';
import type { Row } from './database.ts';
import { isExpired } from './expiry.ts';
import type { Asked } from './requests.ts';
import { integer, optionalInteger, toRecord } from './row.ts';
import type { Ending } from './sql/settle.ts';
import type { StoreContext } from './store-context.ts';

/** A row that is mine and yet was not changed has just been renewed; the next try finds it. */
const maxTurns = 10;

/** Settles the record; where nothing changed, reads back whether an earlier try had. */
export async function settle(
  { requests, ownClaims }: StoreContext,
  ending: Ending,
  asked?: Asked,
): Promise<Settlement> {
  const { id, token } = ending;
  const own = ownClaims.of(id, token);
  for (let turn = 0; turn < maxTurns; turn += 1) {
    const changed = await (own
      ? requests.settleKnown(ending, asked)
      : requests.settle(ending, asked));
    // Whatever it answered, nobody will ask for this claim again.
    ownClaims.forget(token);
    if (changed) {
      return { status: 'done', record: own ? settled(own, ending, changed) : toRecord(changed) };
    }
    const row = await requests.readBack(id);
    if (row === undefined || row.token !== token || isExpired(row, false)) {
      return { status: 'lost' };
    }
    const record = toRecord(row);
    const isSettled = record.status !== 'in_progress' || isOutcomeUnknown(record);
    if (isSettled && record.status === ending.status) return { status: 'already_done', record };
    if (record.status !== 'in_progress') return { status: 'lost' };
  }
  throw new Error(`${id} kept changing while it was settled; ask again`);
}

/** The record that was claimed, as its ending leaves it: the server's clock gave the times. */
export function settled(claimed: StoredRecord, ending: Ending, times: Row): StoredRecord {
  const { status, outcomeHex, errorName, errorMessage = '', settledBy, traceparent } = ending;
  return {
    ...claimed,
    status,
    leaseUntil: integer(times, 'lease_until'),
    completedAt: optionalInteger(times, 'completed_at'),
    expiresAt: optionalInteger(times, 'expires_at'),
    outcomeBytes: outcomeHex === undefined ? undefined : outcomeHex.length / 2,
    lastError: errorName === undefined ? undefined : { name: errorName, message: errorMessage },
    settledBy: settledBy && { by: settledBy.by, reason: settledBy.reason },
    traceparent: traceparent ?? claimed.traceparent,
  };
}

/** The record that was claimed, with the lease that a renewal gave it. */
export function renewed(claimed: StoredRecord, times: Row): StoredRecord {
  const leaseUntil = integer(times, 'lease_until');
  return { ...claimed, leaseUntil, expiresAt: optionalInteger(times, 'expires_at') };
}

export function completion(id: string, token: string, outcome: EncodedOutcome): Ending {
  const { bytes, retentionMs, lastError, settledBy, traceparent } = outcome;
  return {
    id,
    token,
    status: 'completed',
    outcomeHex: hex(bytes),
    retentionMs,
    errorName: kept(lastError?.name),
    errorMessage: kept(lastError?.message),
    settledBy: settledBy && { by: storable(settledBy.by), reason: kept(settledBy.reason) },
    traceparent,
  };
}

export function failed(id: string, token: string, failure: FailureNote): Ending {
  const { error, retentionMs, unknown, settledBy, traceparent } = failure;
  return {
    id,
    token,
    status: unknown ? 'in_progress' : 'failed',
    outcomeHex: undefined,
    retentionMs,
    errorName: kept(error.name),
    errorMessage: kept(error.message),
    settledBy: settledBy && { by: storable(settledBy.by), reason: kept(settledBy.reason) },
    traceparent,
  };
}

function kept(text: string | undefined): string | undefined {
  return text === undefined ? undefined : storable(text);
}
