import {
  type Adopted,
  type Adoption,
  type AdoptionCall,
  IdempotencyError,
  isIdempotencyError,
} from '@twiceproof/core';
import { nodeCrypto, onDemand } from '@twiceproof/core/toolkit';
import type { PowertoolsOptions } from './adoption-options.ts';
import { checkAdoptionOptions } from './check-options.ts';
import { ClaimedRecord } from './claimed-record.ts';
import { claimExpiration } from './expiration.ts';
import { hasNoRecord, oldHash } from './identity/old-hash.ts';
import { oldPrefix } from './identity/old-prefix.ts';
import { pythonResult } from './identity/python-json.ts';
import { select } from './identity/select.ts';
import type { OldClaim, OldRecord, OldTable } from './tables/old-table.ts';
import { nowSecondsOf, openTable } from './tables/open-table.ts';

/** While old code executes, nobody knows for how long. */
const askAgainMs = 1_000;
/** Who had the lock of a crashed record, or the record itself, is done with it in a moment. */
const busyMs = 100;

/**
 * For the option `adopt`: takes over what AWS Powertools recorded. A completed old record answers the
 * call and becomes a record of ours, one in progress refuses it as `IN_PROGRESS`, an expired or missing
 * one is nothing. In the old table nothing is ever deleted.
 *
 * @throws IdempotencyError `OPTIONS_INVALID` for wrong options. Calls: `HELD` where nobody says whose
 * record it is, `RECORD_CORRUPT` for one that cannot be read, `STORE_UNAVAILABLE` where the old table
 * cannot be asked.
 *
 * @example
 * ```ts
 * import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
 * import type { Idempotency } from '@twiceproof/core';
 * import { powertools } from '@twiceproof/powertools';
 *
 * declare const idempotency: Idempotency;
 * const charge = idempotency.wrap(async (order: { id: string }) => `charged ${order.id}`, {
 *   operation: 'charge',
 *   key: (order) => order.id,
 *   adopt: powertools({
 *     dynamodb: { client: new DynamoDBClient({}), table: 'powertools' },
 *     language: 'python',
 *     lambda: 'orders-fn',
 *     function: 'app.charge',
 *     key: 'id',
 *   }),
 * });
 * ```
 */
export function powertools<Args extends readonly unknown[]>(
  options: PowertoolsOptions<Args>,
): Adoption<Args> {
  checkAdoptionOptions(options);
  const { alongside = false, language, lambda } = options;
  const opened = onDemand(() => openTable(options, language, lambda));
  return async (call) => {
    checkOwner(options, call);
    const wanted = wantedBy(options, call.args);
    if (wanted === undefined) return undefined;
    try {
      const table = await opened();
      return alongside
        ? await claim(table, options, call, wanted)
        : await judge(options, call, wanted, await table.get(wanted.id));
    } catch (cause) {
      if (isIdempotencyError(cause)) throw cause;
      throw unavailable(call.recordId, cause);
    }
  };
}

/** What a call's old record is called, and what it must say of the payload. */
interface Wanted {
  readonly id: string;
  readonly validation: string | undefined;
}

/** Undefined for a call that Powertools ran without a record. */
function wantedBy<Args extends readonly unknown[]>(
  options: PowertoolsOptions<Args>,
  args: Args,
): Wanted | undefined {
  const { language, hashFunction = 'md5', validation } = options;
  const key = hashedOf(options, options.key, args);
  if (hasNoRecord(language, key)) return undefined;
  return {
    id: `${oldPrefix(options)}#${oldHash(language, hashFunction, key)}`,
    validation:
      validation === undefined
        ? undefined
        : oldHash(language, hashFunction, hashedOf(options, validation, args)),
  };
}

function hashedOf<Args extends readonly unknown[]>(
  { jmesPathFunctions }: PowertoolsOptions<Args>,
  what: string | ((...args: Args) => unknown) | undefined,
  args: Args,
): unknown {
  if (typeof what === 'function') return what(...args);
  return what === undefined || what === '' ? args[0] : select(what, args[0], jmesPathFunctions);
}

/** What an old record says about a call. */
async function judge<Args extends readonly unknown[]>(
  options: PowertoolsOptions<Args>,
  call: AdoptionCall<Args>,
  wanted: Wanted,
  record: OldRecord | undefined,
): Promise<Adopted> {
  if (record === undefined || isExpired(options, record)) return undefined;
  const { status, inProgressExpiration, validation } = record;
  if (status !== 'COMPLETED' && status !== 'INPROGRESS') throw corrupt(call, record, 'its status');
  const leaseMs =
    status === 'INPROGRESS' ? (inProgressExpiration ?? Number.POSITIVE_INFINITY) - Date.now() : 0;
  if (status === 'INPROGRESS' && leaseMs < 0) return undefined;
  const result = status === 'COMPLETED' ? resultOf(options, call, record) : undefined;
  if (!isOurs(options, call, record, result)) return undefined;
  if (wanted.validation !== undefined && validation !== undefined) {
    if (wanted.validation !== validation) return { mismatch: true };
  }
  if (status === 'INPROGRESS') return { inProgressMs: Math.min(askAgainMs, leaseMs + 1) };
  return {
    completed: result,
    settledBy: { by: 'powertools', reason: `adopted ${record.id}` },
  };
}

/** Judges the old record, and takes it where there is nothing to judge. */
async function claim<Args extends readonly unknown[]>(
  table: OldTable,
  options: PowertoolsOptions<Args>,
  call: AdoptionCall<Args>,
  wanted: Wanted,
): Promise<Adopted> {
  const { expiresAfterSeconds = 3_600 } = options;
  const sentAt = Date.now();
  const mine: OldClaim = {
    ...wanted,
    token: nodeCrypto().randomUUID(),
    expiration: claimExpiration(sentAt, expiresAfterSeconds, call.leaseMs),
    inProgressExpiration: Math.ceil(sentAt + call.leaseMs),
  };
  const existing = await table.claim(mine);
  if (existing === 'claimed') {
    return { claim: new ClaimedRecord(table, options, call, mine, expiresAfterSeconds) };
  }
  if (existing === 'busy') return { inProgressMs: busyMs };
  const found = await judge(options, call, wanted, existing);
  if (found !== undefined) return found;
  if (isShared(options) && !isOurs(options, call, existing, dataOf(options, call, existing))) {
    throw held(
      call,
      existing,
      "it belongs to another operation, and old code takes this one's place",
    );
  }
  // It ended between the two looks.
  return { inProgressMs: busyMs };
}

function dataOf<Args extends readonly unknown[]>(
  options: PowertoolsOptions<Args>,
  call: AdoptionCall<Args>,
  record: OldRecord,
): unknown {
  return record.status === 'COMPLETED' ? resultOf(options, call, record) : undefined;
}

function isExpired(
  { language }: Pick<PowertoolsOptions, 'language'>,
  { expiration }: OldRecord,
): boolean {
  return expiration !== undefined && nowSecondsOf(language) > expiration;
}

function resultOf<Args extends readonly unknown[]>(
  { language }: PowertoolsOptions<Args>,
  call: AdoptionCall<Args>,
  record: OldRecord,
): unknown {
  const { data } = record;
  if (language === 'typescript') return data;
  if (data === undefined || data === '') return null;
  try {
    return pythonResult(data as string);
  } catch {
    throw corrupt(call, record, 'its result');
  }
}

function isShared({ language, keyPrefix }: Pick<PowertoolsOptions, 'language' | 'keyPrefix'>) {
  return language === 'typescript' && (keyPrefix === undefined || keyPrefix.trim() === '');
}

function isOurs<Args extends readonly unknown[]>(
  options: PowertoolsOptions<Args>,
  call: AdoptionCall<Args>,
  record: OldRecord,
  data: unknown,
): boolean {
  const { belongsTo } = options;
  if (belongsTo === undefined) return true;
  const owner =
    typeof belongsTo === 'string' ? belongsTo : belongsTo({ id: record.id, data, args: call.args });
  if (owner === undefined) throw held(call, record, 'belongsTo does not say whose it is');
  return owner === call.operation;
}

/** Records that are said to be another operation's would never be found, and nobody would know. */
function checkOwner<Args extends readonly unknown[]>(
  { belongsTo }: PowertoolsOptions<Args>,
  { operation, recordId }: AdoptionCall<Args>,
): void {
  if (typeof belongsTo !== 'string' || belongsTo === operation) return;
  const message = `powertools: belongsTo is '${belongsTo}' for the operation '${operation}'; give '${operation}', or a function that answers the operation for each record`;
  throw new IdempotencyError('OPTIONS_INVALID', message, { recordId });
}

function held(
  { recordId }: AdoptionCall<readonly unknown[]>,
  { id }: OldRecord,
  why: string,
): IdempotencyError {
  const message = `${recordId} is held: ${id} of Powertools may be its record, and ${why}; say so in belongsTo, or wait until the old record expires`;
  return new IdempotencyError('HELD', message, { recordId });
}

function corrupt(
  { recordId }: AdoptionCall<readonly unknown[]>,
  { id }: OldRecord,
  what: string,
): IdempotencyError {
  const message = `${id} of Powertools cannot be adopted: ${what} cannot be read; look at it in the old table, and check language and the names of the attributes`;
  return new IdempotencyError('RECORD_CORRUPT', message, { recordId });
}

function unavailable(recordId: string, cause: unknown): IdempotencyError {
  const detail = cause instanceof Error ? cause.message || cause.name : String(cause);
  const message = `the old records of Powertools could not be asked: ${detail}; check that they are reachable and that the credentials are right, then call again`;
  return new IdempotencyError('STORE_UNAVAILABLE', message, { recordId, cause });
}
