import { isOutcomeUnknown, type Lease, type StoreOptions } from '@twiceproof/core';
import { toleratedShiftMs } from './clock.ts';
import { namesIn } from './expression.ts';
import { number } from './item.ts';
import { outliving, outlivingValues } from './outliving.ts';
import { mineAndKnown, mineValues } from './ownership.ts';
import { find, makeSureOfTime, type Table } from './table.ts';

/** Moves the lease, the expiry that follows it, and what DynamoDB's time to live reads. */
export function renewer(
  table: Table,
): (
  id: string,
  token: string,
  leaseMs: number,
  options?: StoreOptions,
) => Promise<Lease | undefined> {
  const { layout, clock, requests } = table;
  const UpdateExpression = `SET #leaseUntil = :leaseEnd, #renewedAt = :now, ${outliving}`;
  // Of two renewals that overtake each other, the newer one's lease must stand.
  const ConditionExpression = `${mineAndKnown} AND (attribute_not_exists(#renewedAt) OR #renewedAt <= :newest)`;
  const ExpressionAttributeNames = namesIn(layout, UpdateExpression, ConditionExpression);

  const write = (
    id: string,
    token: string,
    now: number,
    newest: number,
    leaseUntil: number,
    signal: AbortSignal | undefined,
  ) =>
    requests.update(
      {
        Key: layout.keys.of(id),
        UpdateExpression,
        ConditionExpression,
        ExpressionAttributeNames,
        ExpressionAttributeValues: {
          ...mineValues(table, token, now),
          ':newest': number(newest),
          ...outlivingValues(leaseUntil),
        },
        ReturnValues: 'NONE',
      },
      signal,
    );

  return async (id, token, leaseMs, options) => {
    const signal = options?.signal;
    // A lease written by a clock that is far behind would end the record before it is put right.
    await makeSureOfTime(table, id, options);
    const startedAt = clock.monotonic();
    const left = (leaseUntil: number): Lease => ({
      remainingMs: Math.min(leaseMs, leaseUntil - clock.at(startedAt)),
    });
    const now = clock.now();
    let leaseUntil = now + Math.ceil(leaseMs);
    let answer = await write(id, token, now, now, leaseUntil, signal);
    const corrected = clock.at(startedAt);
    if (answer.written && Math.abs(corrected - now) > toleratedShiftMs) {
      // The answer showed that the clock was off: others would misread the lease.
      leaseUntil = corrected + Math.ceil(leaseMs);
      answer = await write(id, token, corrected, Math.max(now, corrected), leaseUntil, signal);
    }
    if (answer.written) return left(leaseUntil);
    const record = answer.found && find(table, id, answer.found)?.record;
    const isMine =
      record?.status === 'in_progress' && record.token === token && !isOutcomeUnknown(record);
    // Refused although mine: a newer renewal was there first, or the record has expired.
    return isMine && record.leaseUntil > clock.now() ? left(record.leaseUntil) : undefined;
  };
}
