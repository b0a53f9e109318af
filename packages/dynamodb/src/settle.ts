import type { AttributeValue } from '@aws-sdk/client-dynamodb';
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
import type { Attribute } from './attributes.ts';
import { namesIn } from './expression.ts';
import { isItemTooLarge } from './faults.ts';
import { endingValue, type Item, number, readRecord, ttlSeconds } from './item.ts';
import { maxItemBytes, mostItemBytes, updateBytes } from './item-size.ts';
import { outlivedBy, outliving, outlivingValues } from './outliving.ts';
import { mine, mineAndKnown, mineValues } from './ownership.ts';
import type { WriteAnswer } from './requests.ts';
import { find, isExpired, makeSureOfTime, type Table } from './table.ts';

/** How an attempt ended: for good, so that it may be repeated, or in progress if nobody knows. */
interface End {
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

function settler(table: Table): Settle<End> {
  const { layout, clock, requests } = table;
  // A handful of expressions, by what a settlement carries.
  const namesByExpression = new Map<string, Record<string, string>>();
  const namesOf = (expression: string) => {
    let names = namesByExpression.get(expression);
    if (names === undefined) {
      names = namesIn(layout, expression, mineAndKnown);
      namesByExpression.set(expression, names);
    }
    return names;
  };

  return async (id, token, end, options) => {
    const key = layout.keys.of(id);
    await makeSureOfTime(table, id, options);
    const now = clock.now();
    const change = changeOf(table, end, now);
    // What the claim has put into the item is not known here; DynamoDB counts with the rest.
    if (mostItemBytes(change.set) > maxItemBytes / 2) {
      const leastBytes = change.bytesOf(key, key);
      if (leastBytes > maxItemBytes) return tooLarge(leastBytes);
    }
    let answer: WriteAnswer;
    try {
      answer = await requests.update(
        {
          Key: key,
          UpdateExpression: change.expression,
          ConditionExpression: change.condition,
          ExpressionAttributeNames: namesOf(change.expression),
          ExpressionAttributeValues: { ...change.values, ...mineValues(table, token, now) },
        },
        options?.signal,
      );
    } catch (fault) {
      if (!isItemTooLarge(fault)) throw fault;
      const item = await requests.get(key, options?.signal);
      const record = item && find(table, id, item)?.record;
      if (record?.token !== token || record.status !== 'in_progress') return lost;
      return tooLarge(change.bytesOf(item!, key));
    }
    if (answer.written) {
      return { status: 'done', record: readRecord(layout, id, change.applyTo(answer.before!)) };
    }
    const found = answer.found && find(table, id, answer.found);
    if (found?.record.token !== token || found.record.status !== end.status) return lost;
    if (end.status === 'in_progress' && !isOutcomeUnknown(found.record)) return lost;
    if (isExpired(table, found, clock.now(), options)) return lost;
    return { status: 'already_done', record: found.record };
  };
}

/** What the settlement changes in the item, as an update and as the item that results. */
interface Change {
  readonly expression: string;
  readonly condition: string;
  readonly values: Item;
  readonly set: Item;
  applyTo(item: Item): Item;
  /** What DynamoDB would compare with its limit. */
  bytesOf(item: Item, key: Item): number;
}

function changeOf({ layout }: Table, end: End, now: number): Change {
  const { names, graceMs } = layout;
  const set: Item = {};
  const values: Item = {};
  const assignments: string[] = [];
  const assign = (attribute: Attribute, value: AttributeValue) => {
    set[names[attribute]] = value;
    values[`:${attribute}`] = value;
    assignments.push(`#${attribute} = :${attribute}`);
  };
  const removed: Attribute[] = [];
  const isOver = end.status !== 'in_progress';

  if (isOver) {
    removed.push('retentionMs', 'ttlSeconds', 'renewedAt');
    assign('status', { S: end.status });
    assign('completedAt', number(now));
  } else {
    assign('leaseUntil', number(now));
  }
  if (end.bytes !== undefined) {
    assign('outcome', { B: end.bytes });
    assign('outcomeBytes', number(end.bytes.byteLength));
  }
  const ending = endingValue(end);
  if (ending === undefined) removed.push('ending');
  else assign('ending', ending);
  if (end.traceparent !== undefined) assign('traceparent', { S: end.traceparent });
  if (!isOver) {
    Object.assign(values, outlivingValues(now));
    assignments.push(outliving);
  } else if (end.retentionMs === null) {
    removed.push('expiresAt', 'ttl');
  } else {
    const expiresAt = now + Math.ceil(end.retentionMs);
    assign('expiresAt', number(expiresAt));
    assign('ttl', number(ttlSeconds(expiresAt, graceMs)));
  }
  const applyTo = (item: Item) => {
    const changed = { ...item, ...set };
    if (!isOver) changed[names.expiresAt] = number(outlivedBy(item[names.retentionMs], now));
    for (const attribute of removed) delete changed[names[attribute]];
    return changed;
  };
  return {
    expression: `SET ${assignments.join(', ')}${removals(removed)}`,
    condition: isOver ? mine : mineAndKnown,
    values,
    set,
    applyTo,
    bytesOf: (item, key) => updateBytes(applyTo(item), key, assignments.length, removed.length),
  };
}

function removals(attributes: readonly Attribute[]): string {
  return attributes.length === 0
    ? ''
    : ` REMOVE ${attributes.map((attribute) => `#${attribute}`).join(', ')}`;
}

function tooLarge(recordBytes: number): Settlement {
  return { status: 'too_large', recordBytes, maxRecordBytes: maxItemBytes };
}
