import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { IdempotencyError, type RecordStatus, type StoredRecord } from '@twiceproof/core';
import type { AttributeNames } from './attributes.ts';
import type { KeySchema } from './keys.ts';

/** An item of the table, as the client takes and answers it. */
export type Item = Record<string, AttributeValue>;

/** How records lie in the table. */
export interface Layout {
  readonly keys: KeySchema;
  readonly names: AttributeNames;
  readonly graceMs: number;
}

/** A record, and what its item keeps beside it. */
export interface Kept {
  readonly record: StoredRecord;
  /** How long the record outlives its lease while it is in progress; null for ever. */
  readonly retentionMs: number | null;
  /** When the lease was last renewed. */
  readonly renewedAt?: number | undefined;
  /** Set when it is a copy of another store's record: when this store stops serving it. */
  readonly copyUntil?: number | undefined;
}

const letters: Readonly<Record<RecordStatus, string>> = {
  in_progress: 'P',
  completed: 'C',
  failed: 'F',
};
const statuses: ReadonlyMap<string, RecordStatus> = new Map(
  Object.entries(letters).map(([status, letter]) => [letter, status as RecordStatus]),
);

/** Status and token in one value; without a token, what the values of a status begin with. */
export function stateOf(status: RecordStatus, token = ''): AttributeValue {
  return { S: letters[status] + token };
}

/** What is left of a record is nobody's: its state is that of the deletion, told from others by a token. */
export function deletedState(token: string): AttributeValue {
  return { S: `D${token}` };
}

/** The item of a record. */
export function writeItem({ keys, names, graceMs }: Layout, kept: Kept): Item {
  const { record, retentionMs, copyUntil } = kept;
  const item = keys.of(record.id);
  if (keys.keepsRecordId) item[names.recordId] = { S: record.id };
  item[names.operation] = { S: record.operation };
  item[names.startedAt] = number(record.startedAt);
  item[names.state] = stateOf(record.status, record.token);
  item[names.fence] = number(record.fence);
  item[names.leaseUntil] = number(record.leaseUntil);
  item[names.claim] = claimText(record, retentionMs);
  if (record.expiresAt !== undefined) item[names.expiresAt] = number(record.expiresAt);
  const overAt = copyUntil ?? record.expiresAt;
  if (overAt !== undefined) item[names.ttl] = number(ttlSeconds(overAt, graceMs));
  if (record.completedAt !== undefined) item[names.end] = endText(record);
  if (record.outcome !== undefined) item[names.outcome] = { B: record.outcome };
  if (copyUntil !== undefined) item[names.copyUntil] = number(copyUntil);
  return item;
}

/** Reads an item. @throws IdempotencyError `RECORD_CORRUPT` naming the record and the attribute. */
export function readItem({ names }: Layout, id: string, item: Item): Kept {
  const text = (name: string): string => {
    const value = item[name]?.S;
    return value ?? corrupt(id, name, item[name] === undefined ? 'is missing' : 'is not text');
  };
  const optionalCount = (name: string): number | undefined => {
    const value = item[name];
    if (value === undefined) return undefined;
    const parsed = Number(value.N);
    return Number.isSafeInteger(parsed) ? parsed : corrupt(id, name, 'is not a whole number');
  };
  const count = (name: string): number => optionalCount(name) ?? corrupt(id, name, 'is missing');
  const list = (name: string): unknown[] => {
    const parsed = parsedList(text(name));
    return parsed ?? corrupt(id, name, 'is not what this store writes');
  };

  const state = text(names.state);
  const status = statuses.get(state[0]!) ?? corrupt(id, names.state, 'is unknown');
  const startedAt = count(names.startedAt);
  const claimed = readClaim(list(names.claim)) ?? corrupt(id, names.claim, 'is no claim');
  const ended =
    item[names.end] === undefined
      ? undefined
      : (readEnd(list(names.end)) ?? corrupt(id, names.end, 'is no end of an attempt'));
  const outcome = item[names.outcome];
  return {
    record: {
      id,
      operation: text(names.operation),
      status,
      token: state.slice(1),
      fence: count(names.fence),
      ...claimed.record,
      createdAt: startedAt - claimed.age,
      startedAt,
      leaseUntil: count(names.leaseUntil),
      expiresAt: optionalCount(names.expiresAt),
      outcome: outcome && (outcome.B ?? corrupt(id, names.outcome, 'is not binary')),
      ...ended,
      traceparent: ended?.traceparent ?? claimed.record.traceparent,
    },
    retentionMs: claimed.retentionMs,
    renewedAt: optionalCount(names.renewedAt),
    copyUntil: optionalCount(names.copyUntil),
  };
}

/** What a claim writes and nothing compares, in this order; what is missing at the end is left out. */
function claimText(record: StoredRecord, retentionMs: number | null): AttributeValue {
  return packed([
    record.formatVersion,
    record.attempt,
    record.startedAt - record.createdAt,
    retentionMs,
    record.run,
    record.environment,
    record.keyPreview,
    record.fingerprint,
    record.traceparent,
    record.scope,
    record.inputPreview,
    record.workflow,
    record.inputDigest,
  ]);
}

function readClaim(list: readonly unknown[]) {
  const [formatVersion, attempt, age, retentionMs, run, environment, ...texts] = list;
  if (!isWhole(formatVersion) || !isWhole(attempt) || !isWhole(age) || !isWhole(run)) return;
  if (retentionMs !== null && !isWhole(retentionMs)) return;
  if (typeof environment !== 'string' || !texts.every(isTextOrNull)) return;
  const [keyPreview, fingerprint, traceparent, scope, inputPreview, workflow, inputDigest] =
    texts.map(orUndefined);
  const previews = { keyPreview, inputPreview };
  const record = { environment, run, scope, attempt, fingerprint, workflow, inputDigest };
  return { age, retentionMs, record: { ...record, ...previews, traceparent, formatVersion } };
}

/** What a settlement writes and nothing compares. */
export type End = Pick<
  StoredRecord,
  'completedAt' | 'outcomeBytes' | 'lastError' | 'settledBy' | 'traceparent'
>;

export function endText(end: End): AttributeValue {
  const { completedAt, outcomeBytes, traceparent, lastError, settledBy } = end;
  const error = [lastError?.name, lastError?.message];
  return packed([
    completedAt,
    outcomeBytes,
    traceparent,
    ...error,
    settledBy?.by,
    settledBy?.reason,
  ]);
}

function readEnd(list: readonly unknown[]): End | undefined {
  const [completedAt = null, outcomeBytes = null, ...texts] = list;
  if (completedAt !== null && !isWhole(completedAt)) return;
  if (outcomeBytes !== null && !isWhole(outcomeBytes)) return;
  if (!texts.every(isTextOrNull)) return;
  const [traceparent, name, message, by, reason] = texts.map(orUndefined);
  return {
    completedAt: completedAt ?? undefined,
    outcomeBytes: outcomeBytes ?? undefined,
    lastError: name === undefined ? undefined : { name, message: message ?? '' },
    settledBy: by === undefined ? undefined : { by, reason },
    traceparent,
  };
}

/** JSON, without what is missing at its end. It escapes what DynamoDB's UTF-8 could not hold. */
function packed(values: readonly (string | number | null | undefined)[]): AttributeValue {
  let length = values.length;
  while (values[length - 1] === undefined) length -= 1;
  return { S: JSON.stringify(values.slice(0, length)) };
}

function parsedList(text: string): unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function orUndefined(value: string | null): string | undefined {
  return value ?? undefined;
}

/** Whether the item is what a deletion left: no record, but the fence of the last one. */
export function isTombstone({ names }: Layout, item: Item): boolean {
  return item[names.deletedAt] !== undefined;
}

/** The fence of an item, whatever else is wrong with it. */
export function readFence({ names }: Layout, item: Item): number {
  const fence = Number(item[names.fence]?.N);
  return Number.isSafeInteger(fence) ? fence : 0;
}

/** Epoch seconds for DynamoDB's time to live, never before the expiry. */
export function ttlSeconds(expiresAtMs: number, graceMs: number): number {
  return Math.ceil((expiresAtMs + graceMs) / 1_000);
}

export function number(value: number): AttributeValue {
  return { N: String(value) };
}

function corrupt(recordId: string, attribute: string, problem: string): never {
  throw new IdempotencyError(
    'RECORD_CORRUPT',
    `${recordId}: attribute '${attribute}' of its item ${problem}; look at the item, or delete the record so that the next call starts afresh`,
    { recordId },
  );
}
