import type { StoredRecord } from '@twiceproof/core';
import type { Caller } from './caller.ts';
import type { Found } from './record-checks.ts';

/** What is wrong with that somebody starts who has the record. */
export function wrongStart(
  caller: Caller,
  callers: readonly Caller[],
  row: StoredRecord,
  now: number,
): Found {
  const isLive = row.status === 'in_progress' && now < row.leaseUntil;
  if (!isLive) return ['lease deadline', `${row.token} starts without a lease`];
  for (const other of callers) {
    if (other === caller || other.isDead || other.phase !== 'executing') continue;
    if (other.deadline > now && !other.isExcused) {
      return ['exclusivity', `${row.token} starts beside ${other.claim.token}`];
    }
  }
  return undefined;
}

/** What is wrong with what a caller was answered: an outcome is what its own executor made of it. */
export function wrongReplay({ token, outcome }: StoredRecord, callers: readonly Caller[]): Found {
  const executor = callers.find(({ claim }) => claim.token === token);
  if (executor && outcome?.[0] === executor.bytes[0]) return undefined;
  return ['agreement', `a replay of ${token} has another outcome`];
}
