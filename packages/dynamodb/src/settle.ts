import {
  type EncodedOutcome,
  type ErrorNote,
  type FailureNote,
  isOutcomeUnknown,
  type RecordStatus,
  type SettledBy,
  type Settlement,
  type StoreOptions,
} from '@twiceproof/core';
import { createOwnClaims } from '@twiceproof/core/toolkit';
import { isItemTooLarge } from './faults.ts';
import { readItem, writeItem } from './item.ts';
import { maxItemBytes, mostItemBytes } from './item-size.ts';
import { mine, mineAndKnown, mineValue, mineValues, mineWithinLease } from './ownership.ts';
import type { WriteAnswer } from './requests.ts';
import { type Change, settlingWrites } from './settling-write.ts';
import { find, findClaim, isExpired, makeSureOfTime, type StoreContext } from './store-context.ts';

/** How an attempt ended: for good, so that it may be repeated, or in progress if nobody knows. */
interface Ending {
  readonly status: RecordStatus;
  readonly retentionMs: number | null;
  readonly lastError: ErrorNote | undefined;
  readonly settledBy: SettledBy | undefined;
  readonly traceparent: string | undefined;
  readonly bytes?: Uint8Array | undefined;
}

type Settle<Note> = (
  id: string,
  token: string,
  note: Note,
  options?: StoreOptions,
) => Promise<Settlement>;

/** When an end was first asked for that got no answer, and may be on its way yet. */
interface UnansweredTry {
  readonly id: string;
  readonly at: number;
}

const lost: Settlement = { status: 'lost' };

export function createComplete(context: StoreContext): Settle<EncodedOutcome> {
  const settle = settler(context);
  return (id, token, { bytes, retentionMs, lastError, settledBy, traceparent }, options) => {
    const how = { retentionMs, lastError, settledBy, traceparent };
    return settle(id, token, { status: 'completed', bytes, ...how }, options);
  };
}

export function createRelease(context: StoreContext): Settle<FailureNote> {
  const settle = settler(context);
  return (
    id,
    token,
    { error: lastError, unknown, retentionMs, settledBy, traceparent },
    options,
  ) => {
    const how = { retentionMs, lastError, settledBy, traceparent };
    return settle(id, token, { status: unknown ? 'in_progress' : 'failed', ...how }, options);
  };
}

function settler(context: StoreContext): Settle<Ending> {
  const { layout, clock, requests, ownClaims } = context;
  const writeOf = settlingWrites(layout);
  const unanswered = createOwnClaims<UnansweredTry>(({ id }) => id);

  return async (id, token, ending, options) => {
    const key = layout.keys.of(id);
    await makeSureOfTime(context, id, options);
    const isOver = ending.status !== 'in_progress';
    // How long the record outlives an unknown end is what its claim said.
    const own = isOver ? ownClaims.of(id, token) : await findClaim(context, id, token, options);
    if (!isOver && own === undefined) return lost;
    const now = clock.now();
    const change = changeOf(ending, isOver ? ending.retentionMs : own!.retentionMs, now);
    // While my lease lasts the record counts: nobody has to compare times.
    const isWithinLease = isOver && own !== undefined && own.record.leaseUntil > now;
    const condition = isWithinLease ? mineWithinLease : isOver ? mine : mineAndKnown;
    const write = writeOf(token, change, condition);
    // An earlier try that still lands is judged by its own time; no later one is refused where that is not.
    const earlier = unanswered.of(id, token);
    const judgedAt = Math.min(now, earlier?.at ?? now);
    const values = isWithinLease ? mineValue(token) : mineValues(context, token, judgedAt);
    if (mostItemBytes(write.values) > maxItemBytes / 2) {
      // What the claim has put into the item may not be known here; then DynamoDB counts with the rest.
      const bytes = write.bytesOf(own === undefined ? key : writeItem(layout, own), key);
      if (bytes > maxItemBytes) return tooLarge(bytes);
    }
    let answer: WriteAnswer;
    try {
      answer = await requests.update(
        {
          Key: key,
          ...write.expressions,
          ExpressionAttributeValues: { ...write.values, ...values },
          ReturnValues: own === undefined ? 'ALL_OLD' : 'NONE',
        },
        options?.signal,
      );
    } catch (fault) {
      if (!isItemTooLarge(fault)) {
        unanswered.keep(token, { id, at: judgedAt });
        throw fault;
      }
      const item = await requests.get(key, options?.signal);
      const record = item && find(context, id, item)?.record;
      if (record?.token !== token || record.status !== 'in_progress') return lost;
      return tooLarge(write.bytesOf(item!, key));
    }
    ownClaims.forget(token);
    if (earlier !== undefined) unanswered.forget(token);
    if (answer.written) {
      const record =
        own === undefined
          ? readItem(layout, id, write.applyTo(answer.before!)).record
          : { ...own.record, ...change, traceparent: change.traceparent ?? own.record.traceparent };
      return { status: 'done', record };
    }
    const found = answer.found && find(context, id, answer.found);
    if (found?.record.token !== token || found.record.status !== ending.status) return lost;
    if (!isOver && !isOutcomeUnknown(found.record)) return lost;
    if (isExpired(context, found, clock.now(), options)) return lost;
    return { status: 'already_done', record: found.record };
  };
}

function changeOf(ending: Ending, retentionMs: number | null, now: number): Change {
  const { status, bytes, lastError, settledBy, traceparent } = ending;
  const expiresAt = retentionMs === null ? undefined : now + Math.ceil(retentionMs);
  const end = { status, expiresAt, lastError, settledBy, traceparent };
  if (status === 'in_progress') return { ...end, leaseUntil: now };
  const outcome = bytes && { outcome: bytes, outcomeBytes: bytes.byteLength };
  return { ...end, ...outcome, completedAt: now };
}

function tooLarge(recordBytes: number): Settlement {
  return { status: 'too_large', recordBytes, maxRecordBytes: maxItemBytes };
}
