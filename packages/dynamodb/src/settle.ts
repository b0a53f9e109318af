import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import {
  type EncodedOutcome,
  type ErrorNote,
  type FailureNote,
  isOutcomeUnknown,
  type RecordStatus,
  type SettledBy,
  type Settlement,
  type StoredRecord,
  type StoreOptions,
} from '@twiceproof/core';
import type { Attribute } from './attributes.ts';
import { aliasesOf, expression } from './expression.ts';
import { isItemTooLarge } from './faults.ts';
import { type End, endText, type Item, type Layout, number, readItem, stateOf, ttlSeconds, writeItem } from './item.ts';
import { maxItemBytes, mostItemBytes, updateBytes } from './item-size.ts';
import { mine, mineAndKnown, mineValues } from './ownership.ts';
import type { WriteAnswer } from './requests.ts';
import { find, findClaim, isExpired, makeSureOfTime, type Table } from './table.ts';

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

const lost: Settlement = { status: 'lost' };

export function completer(table: Table): Settle<EncodedOutcome> {
  const settle = settler(table);
  return (id, token, { bytes, retentionMs, lastError, settledBy, traceparent }, options) => {
    const how = { retentionMs, lastError, settledBy, traceparent };
    return settle(id, token, { status: 'completed', bytes, ...how }, options);
  };
}

export function releaser(table: Table): Settle<FailureNote> {
  const settle = settler(table);
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

function settler(table: Table): Settle<Ending> {
  const { layout, clock, requests, ownClaims } = table;
  const writeOf = settlingWrites(layout);

  return async (id, token, ending, options) => {
    const key = layout.keys.of(id);
    await makeSureOfTime(table, id, options);
    const isOver = ending.status !== 'in_progress';
    // How long the record outlives an unknown end is what its claim said.
    const own = isOver ? ownClaims.of(id, token) : await findClaim(table, id, token, options);
    if (!isOver && own === undefined) return lost;
    const now = clock.now();
    const change = changeOf(ending, isOver ? ending.retentionMs : own!.retentionMs, now);
    const write = writeOf(token, change);
    if (mostItemBytes(write.set) > maxItemBytes / 2) {
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
          ExpressionAttributeValues: { ...write.values, ...mineValues(table, token, now) },
          ReturnValues: own === undefined ? 'ALL_OLD' : 'NONE',
        },
        options?.signal,
      );
    } catch (fault) {
      if (!isItemTooLarge(fault)) throw fault;
      const item = await requests.get(key, options?.signal);
      const record = item && find(table, id, item)?.record;
      if (record?.token !== token || record.status !== 'in_progress') return lost;
      return tooLarge(write.bytesOf(item!, key));
    }
    if (answer.written) {
      ownClaims.forget(token);
      const record =
        own === undefined
          ? readItem(layout, id, write.applyTo(answer.before!)).record
          : { ...own.record, ...change, traceparent: change.traceparent ?? own.record.traceparent };
      return { status: 'done', record };
    }
    const found = answer.found && find(table, id, answer.found);
    if (found?.record.token !== token || found.record.status !== ending.status) return lost;
    if (!isOver && !isOutcomeUnknown(found.record)) return lost;
    if (isExpired(table, found, clock.now(), options)) return lost;
    return { status: 'already_done', record: found.record };
  };
}

/** What the settlement changes in the record; an unknown end leaves it in progress, without a lease. */
type Change = End &
  Pick<StoredRecord, 'status' | 'expiresAt'> & {
    readonly outcome?: Uint8Array;
    readonly leaseUntil?: number;
  };

function changeOf(ending: Ending, retentionMs: number | null, now: number): Change {
  const { status, bytes, lastError, settledBy, traceparent } = ending;
  const expiresAt = retentionMs === null ? undefined : now + Math.ceil(retentionMs);
  const end = { status, expiresAt, lastError, settledBy, traceparent };
  if (status === 'in_progress') return { ...end, leaseUntil: now };
  const outcome = bytes && { outcome: bytes, outcomeBytes: bytes.byteLength };
  return { ...end, ...outcome, completedAt: now };
}

/** A change as an update of the item, and as the item that results. */
interface SettlingWrite {
  readonly expressions: object;
  readonly values: Item;
  readonly set: Item;
  applyTo(item: Item): Item;
  /** What DynamoDB would compare with its limit. */
  bytesOf(item: Item, key: Item): number;
}

function settlingWrites(layout: Layout): (token: string, change: Change) => SettlingWrite {
  const { names, graceMs } = layout;
  const known = new Map<string, object>();
  /** One of a handful, by what a settlement carries. */
  const expressionsOf = (set: readonly Attribute[], removed: readonly Attribute[]): object => {
    const assignments = set.map((attribute) => `#${attribute} = :${attribute}`).join(', ');
    const removals = removed.map((attribute) => `#${attribute}`).join(', ');
    const template = `SET ${assignments}${removals && ` REMOVE ${removals}`}`;
    let found = known.get(template);
    if (found === undefined) {
      const update = expression(layout, template);
      const condition = expression(layout, set.includes('leaseUntil') ? mineAndKnown : mine);
      const texts = { UpdateExpression: update.text, ConditionExpression: condition.text };
      found = { ...texts, ...aliasesOf(update, condition) };
      known.set(template, found);
    }
    return found;
  };

  return (token, change) => {
    const { status, outcome, leaseUntil, expiresAt } = change;
    const set: Partial<Record<Attribute, AttributeValue>> = { end: endText(change) };
    if (leaseUntil === undefined) set.state = stateOf(status, token);
    else set.leaseUntil = number(leaseUntil);
    if (outcome !== undefined) set.outcome = { B: outcome };
    if (expiresAt !== undefined) {
      set.expiresAt = number(expiresAt);
      set.ttl = number(ttlSeconds(expiresAt, graceMs));
    }
    const removed: readonly Attribute[] = expiresAt === undefined ? ['expiresAt', 'ttl'] : [];
    const assigned = Object.entries(set) as [Attribute, AttributeValue][];
    const item = Object.fromEntries(assigned.map(([name, value]) => [names[name], value]));
    const applyTo = (before: Item) => {
      const changed = { ...before, ...item };
      for (const attribute of removed) delete changed[names[attribute]];
      return changed;
    };
    return {
      expressions: expressionsOf(Object.keys(set) as Attribute[], removed),
      values: Object.fromEntries(assigned.map(([name, value]) => [`:${name}`, value])),
      set: item,
      applyTo,
      bytesOf: (before, key) =>
        updateBytes(applyTo(before), key, assigned.length, removed.length),
    };
  };
}

function tooLarge(recordBytes: number): Settlement {
  return { status: 'too_large', recordBytes, maxRecordBytes: maxItemBytes };
}
