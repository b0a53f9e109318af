import {
  type EncodedOutcome,
  type FailureNote,
  isOutcomeUnknown,
  type Settlement,
} from '@twiceproof/core';
import { hex } from './array-literal.ts';
import { isExpired } from './expiry.ts';
import type { Asked, Requests } from './requests.ts';
import { toRecord } from './row.ts';
import type { Ending } from './sql/settle.ts';

/** A row that is mine and yet was not changed has just been renewed; the next try finds it. */
const maxTurns = 10;

/** Settles the record; where nothing changed, reads back whether an earlier try had. */
export async function settle(
  requests: Requests,
  ending: Ending,
  asked?: Asked,
): Promise<Settlement> {
  for (let turn = 0; turn < maxTurns; turn += 1) {
    const changed = await requests.settle(ending, asked);
    if (changed) return { status: 'done', record: toRecord(changed) };
    const row = await requests.readBack(ending.id);
    if (row === undefined || row.token !== ending.token || isExpired(row, false)) {
      return { status: 'lost' };
    }
    const record = toRecord(row);
    const isSettled = record.status !== 'in_progress' || isOutcomeUnknown(record);
    if (isSettled && record.status === ending.status) return { status: 'already_done', record };
    if (record.status !== 'in_progress') return { status: 'lost' };
  }
  throw new Error(`${ending.id} kept changing while it was settled; ask again`);
}

export function completion(id: string, token: string, outcome: EncodedOutcome): Ending {
  const { bytes, retentionMs, lastError, settledBy, traceparent } = outcome;
  return {
    id,
    token,
    status: 'completed',
    outcomeHex: hex(bytes),
    retentionMs,
    errorName: lastError?.name,
    errorMessage: lastError?.message,
    settledBy,
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
    errorName: error.name,
    errorMessage: error.message,
    settledBy,
    traceparent,
  };
}
