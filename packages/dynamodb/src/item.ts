import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import {
  type Claim,
  IdempotencyError,
  type RecordStatus,
  type StoredRecord,
} from '@twiceproof/core';
import type { Attribute, AttributeNames } from './attributes.ts';
import type { KeySchema } from './keys.ts';

/** Stands for the retention of a record that is kept for ever, where an expiry cannot be left out. */
export const foreverMs: number = 100 * 365.25 * 86_400_000;

/** An item of the table, as the client takes and answers it. */
export type Item = Record<string, AttributeValue>;

/** How records lie in the table. */
export interface Layout {
  readonly keys: KeySchema;
  readonly names: AttributeNames;
  readonly graceMs: number;
}

/** What a claim takes over from the item that it replaces. */
export interface Prior {
  readonly fence: number;
  /** Left out when the item no longer counts: then the claim is a first one. */
  readonly record?: Pick<StoredRecord, 'createdAt' | 'attempt'> | undefined;
}

/** The item of a record that was just claimed. */
export function claimedItem(
  layout: Layout,
  claim: Claim,
  prior: Prior | undefined,
  now: number,
): Item {
  const { names, graceMs } = layout;
  const leaseUntil = now + Math.ceil(claim.leaseMs);
  const item = emptyItem(layout, claim.id);
  item[names.environment] = { S: claim.environment };
  item[names.operation] = { S: claim.operation };
  item[names.run] = number(claim.run);
  item[names.status] = { S: 'in_progress' };
  item[names.token] = { S: claim.token };
  item[names.fence] = number(nextFence(prior?.fence, now));
  item[names.attempt] = number(attemptOf(claim, prior?.record?.attempt));
  item[names.createdAt] = number(prior?.record?.createdAt ?? now);
  item[names.startedAt] = number(now);
  item[names.leaseUntil] = number(leaseUntil);
  item[names.formatVersion] = number(claim.formatVersion);
  if (claim.scope !== undefined) item[names.scope] = { S: claim.scope };
  if (claim.fingerprint !== undefined) item[names.fingerprint] = { S: claim.fingerprint };
  const workflow = workflowValue(claim);
  if (workflow !== undefined) item[names.workflow] = workflow;
  if (claim.keyPreview !== undefined) item[names.keyPreview] = { S: claim.keyPreview };
  if (claim.inputPreview !== undefined) item[names.inputPreview] = { S: claim.inputPreview };
  if (claim.traceparent !== undefined) item[names.traceparent] = { S: claim.traceparent };
  if (claim.retentionMs !== null) {
    const retentionMs = Math.ceil(claim.retentionMs);
    const expiresAt = leaseUntil + retentionMs;
    item[names.expiresAt] = number(expiresAt);
    item[names.retentionMs] = number(retentionMs);
    item[names.ttlSeconds] = number(ttlSeconds(retentionMs, graceMs));
    item[names.ttl] = number(ttlSeconds(expiresAt, graceMs));
  }
  return item;
}

function attemptOf({ settlesOnly }: Claim, before: number | undefined): number {
  if (before === undefined) return 1;
  return settlesOnly ? before : before + 1;
}

/** The item of a copy of another store's record. */
export function copiedItem(layout: Layout, record: StoredRecord, copyUntil: number): Item {
  const { names, graceMs } = layout;
  const item = emptyItem(layout, record.id);
  const text = (attribute: Attribute, value: string | undefined) => {
    if (value !== undefined) item[names[attribute]] = { S: value };
  };
  const count = (attribute: Attribute, value: number | undefined) => {
    if (value !== undefined) item[names[attribute]] = number(value);
  };
  text('environment', record.environment);
  text('operation', record.operation);
  count('run', record.run);
  text('scope', record.scope);
  text('status', record.status);
  text('token', record.token);
  count('fence', record.fence);
  count('attempt', record.attempt);
  text('fingerprint', record.fingerprint);
  count('createdAt', record.createdAt);
  count('startedAt', record.startedAt);
  count('leaseUntil', record.leaseUntil);
  count('completedAt', record.completedAt);
  count('expiresAt', record.expiresAt);
  text('keyPreview', record.keyPreview);
  text('inputPreview', record.inputPreview);
  const ending = endingValue(record);
  if (ending !== undefined) item[names.ending] = ending;
  const workflow = workflowValue(record);
  if (workflow !== undefined) item[names.workflow] = workflow;
  text('traceparent', record.traceparent);
  count('copyFormat', record.formatVersion);
  count('outcomeBytes', record.outcome?.byteLength);
  if (record.outcome !== undefined) item[names.outcome] = { B: record.outcome };
  count('copyUntil', copyUntil);
  count('ttl', ttlSeconds(copyUntil, graceMs));
  return item;
}

function emptyItem({ keys, names }: Layout, recordId: string): Item {
  const item = keys.of(recordId);
  if (keys.keepsRecordId) item[names.recordId] = { S: recordId };
  return item;
}

/** Reads an item. @throws IdempotencyError `RECORD_CORRUPT` naming the record and the attribute. */
export function readRecord({ names }: Layout, id: string, item: Item): StoredRecord {
  const text = (attribute: Attribute): string | undefined => {
    const value = item[names[attribute]];
    if (value === undefined) return undefined;
    return value.S ?? corrupt(id, names[attribute], 'is not text');
  };
  const count = (attribute: Attribute): number | undefined => {
    const value = item[names[attribute]];
    if (value === undefined) return undefined;
    const parsed = Number(value.N);
    return Number.isSafeInteger(parsed)
      ? parsed
      : corrupt(id, names[attribute], 'is not a whole number');
  };
  const needed = <T>(attribute: Attribute, value: T | undefined): T =>
    value ?? corrupt(id, names[attribute], 'is missing');

  const status = readStatus(id, names.status, text('status'));
  const leaseUntil = needed('leaseUntil', count('leaseUntil'));
  const expiresAt = count('expiresAt');
  const isKept = expiresAt !== undefined && expiresAt >= leaseUntil + foreverMs;
  const outcome = item[names.outcome];
  const ending = item[names.ending];
  const workflow = item[names.workflow];
  return {
    id,
    environment: needed('environment', text('environment')),
    operation: needed('operation', text('operation')),
    run: needed('run', count('run')),
    scope: text('scope'),
    status,
    token: needed('token', text('token')),
    fence: needed('fence', count('fence')),
    attempt: needed('attempt', count('attempt')),
    fingerprint: text('fingerprint'),
    workflow: workflow?.M?.workflowId?.S,
    inputDigest: workflow?.M?.inputDigest?.S,
    createdAt: needed('createdAt', count('createdAt')),
    startedAt: needed('startedAt', count('startedAt')),
    leaseUntil,
    completedAt: count('completedAt'),
    expiresAt: isKept ? undefined : expiresAt,
    keyPreview: text('keyPreview'),
    inputPreview: text('inputPreview'),
    outcome: outcome && (outcome.B ?? corrupt(id, names.outcome, 'is not binary')),
    outcomeBytes: count('outcomeBytes'),
    ...(ending && readEnding(id, names.ending, ending)),
    traceparent: text('traceparent'),
    formatVersion: needed('formatVersion', count('formatVersion') ?? count('copyFormat')),
  };
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

/**
 * Greater than every fence that this record id ever had: above the one in the item, and where the
 * item is gone, above it by the clock, because time passed before it could be deleted.
 */
export function nextFence(previous: number | undefined, now: number): number {
  const seed = now * 1_000;
  return previous === undefined ? seed : Math.max(previous + 1, seed);
}

/** Epoch seconds for DynamoDB's time to live, never before the expiry. */
export function ttlSeconds(expiresAtMs: number, graceMs: number): number {
  return Math.ceil((expiresAtMs + graceMs) / 1_000);
}

type Ending = Pick<StoredRecord, 'lastError' | 'settledBy'>;

/** Undefined where there is nothing to say. */
export function endingValue({ lastError, settledBy }: Ending): AttributeValue | undefined {
  if (lastError === undefined && settledBy === undefined) return undefined;
  return textMap({
    name: lastError?.name,
    message: lastError?.message,
    settledBy: settledBy?.by,
    reason: settledBy?.reason,
  });
}

function readEnding(id: string, attribute: string, value: AttributeValue): Ending {
  const { name, message, settledBy, reason } = value.M ?? {};
  const hasError = name?.S !== undefined && message?.S !== undefined;
  if (!hasError && settledBy?.S === undefined) corrupt(id, attribute, 'is no end of an attempt');
  return {
    lastError: hasError ? { name: name.S!, message: message.S! } : undefined,
    settledBy: settledBy?.S === undefined ? undefined : { by: settledBy.S, reason: reason?.S },
  };
}

/** What a listing finds steps by; an index has no place for one attribute more. */
function workflowValue({
  workflow,
  inputDigest,
}: Pick<StoredRecord, 'workflow' | 'inputDigest'>): AttributeValue | undefined {
  if (workflow === undefined && inputDigest === undefined) return undefined;
  return textMap({ workflowId: workflow, inputDigest });
}

function textMap(texts: Readonly<Record<string, string | undefined>>): AttributeValue {
  const given = Object.entries(texts).filter(([, text]) => text !== undefined);
  return { M: Object.fromEntries(given.map(([name, text]) => [name, { S: text! }])) };
}

export function number(value: number): AttributeValue {
  return { N: String(value) };
}

function readStatus(id: string, name: string, status: string | undefined): RecordStatus {
  if (status === 'in_progress' || status === 'completed' || status === 'failed') return status;
  return corrupt(id, name, status === undefined ? 'is missing' : 'is unknown');
}

function corrupt(recordId: string, attribute: string, problem: string): never {
  throw new IdempotencyError(
    'RECORD_CORRUPT',
    `${recordId}: attribute '${attribute}' of its item ${problem}; look at the item, or delete the record so that the next call starts afresh`,
    { recordId },
  );
}
