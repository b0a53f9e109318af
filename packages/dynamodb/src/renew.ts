import { isOutcomeUnknown, type Lease, type StoreOptions } from '@twiceproof/core';
import { toleratedShiftMs } from './clock.ts';
import { aliasesOf, expression } from './expression.ts';
import { type Kept, number, ttlSeconds } from './item.ts';
import { mineAndKnown, mineValues } from './ownership.ts';
import { find, findClaim, makeSureOfTime, type StoreContext } from './store-context.ts';

/** Moves the lease, the expiry that follows it, and what DynamoDB's time to live reads. */
export function createRenew(
  context: StoreContext,
): (
  id: string,
  token: string,
  leaseMs: number,
  options?: StoreOptions,
) => Promise<Lease | undefined> {
  const { layout, clock, requests, ownClaims } = context;
  const lease = 'SET #leaseUntil = :leaseUntil, #renewedAt = :now';
  const forEver = expression(layout, lease);
  const expiring = expression(layout, `${lease}, #expiresAt = :expiresAt, #ttl = :ttl`);
  // Of two renewals that overtake each other, the newer one's lease must stand.
  const condition = expression(
    layout,
    `${mineAndKnown} AND (attribute_not_exists(#renewedAt) OR #renewedAt <= :newest)`,
  );

  const write = async (
    kept: Kept,
    now: number,
    newest: number,
    leaseMs: number,
    signal: AbortSignal | undefined,
  ) => {
    const { id, token } = kept.record;
    const leaseUntil = now + Math.ceil(leaseMs);
    const expiresAt = kept.retentionMs === null ? undefined : leaseUntil + kept.retentionMs;
    const update = expiresAt === undefined ? forEver : expiring;
    const answer = await requests.update(
      {
        Key: layout.keys.of(id),
        UpdateExpression: update.text,
        ConditionExpression: condition.text,
        ...aliasesOf(update, condition),
        ExpressionAttributeValues: {
          ...mineValues(context, token, now),
          ':newest': number(newest),
          ':leaseUntil': number(leaseUntil),
          ...(expiresAt !== undefined && {
            ':expiresAt': number(expiresAt),
            ':ttl': number(ttlSeconds(expiresAt, layout.graceMs)),
          }),
        },
        ReturnValues: 'NONE',
      },
      signal,
    );
    if (answer.written && ownClaims.of(id, token) !== undefined) {
      const record = { ...kept.record, leaseUntil, expiresAt };
      ownClaims.keep(token, { ...kept, record, renewedAt: now });
    }
    return { answer, leaseUntil };
  };

  return async (id, token, leaseMs, options) => {
    const signal = options?.signal;
    // A lease written by a clock that is far behind would end the record before it is put right.
    await makeSureOfTime(context, id, options);
    const startedAt = clock.monotonic();
    const left = (leaseUntil: number): Lease => ({
      remainingMs: Math.min(leaseMs, leaseUntil - clock.at(startedAt)),
    });
    const kept = await findClaim(context, id, token, options);
    if (kept === undefined) return undefined;
    const now = clock.now();
    let { answer, leaseUntil } = await write(kept, now, now, leaseMs, signal);
    const corrected = clock.at(startedAt);
    if (answer.written && Math.abs(corrected - now) > toleratedShiftMs) {
      // The answer showed that the clock was off: others would misread the lease.
      const newest = Math.max(now, corrected);
      ({ answer, leaseUntil } = await write(kept, corrected, newest, leaseMs, signal));
    }
    if (answer.written) return left(leaseUntil);
    const record = answer.found && find(context, id, answer.found)?.record;
    const isMine =
      record?.status === 'in_progress' && record.token === token && !isOutcomeUnknown(record);
    // Refused although mine: a newer renewal was there first, or the record has expired.
    return isMine && record.leaseUntil > clock.now() ? left(record.leaseUntil) : undefined;
  };
}
