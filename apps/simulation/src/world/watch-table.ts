import type { EncodedOutcome, FailureNote, StoredRecord } from '@twiceproof/core';
import { check } from '../checkers/check.ts';
import type { Recorded } from './ledger.ts';
import type { TableWatch } from './record-table.ts';
import type { World } from './world.ts';

/** Notes every step of the server, after the invariants have seen it. */
export function watchTable(world: World): TableWatch {
  const end = (id: string): Recorded | undefined => {
    const result = world.current(id);
    if (result) result.to = world.time.now();
    return result;
  };
  return {
    claimed(claim, before, answer, { skewMs }) {
      check(world, 'claimed', claim, before, answer);
      const { record, status } = answer;
      world.note?.(`server: claim of ${claim.id} by ${claim.token}: ${status}`);
      // A claim that is sent again is granted once more only if the server has lost it.
      const isKnown = world.grants.get(claim.token)?.fence === record.fence;
      if (status !== 'acquired' || isKnown) return;
      const { fence } = record;
      const process = world.claimants.get(claim.token);
      const leaseUntil = record.leaseUntil - skewMs;
      const begun = { isOver: false, isDeleted: false, starts: 0 };
      const grant = { claim, fence, process, leaseUntil, ...begun };
      world.grants.set(claim.token, grant);
      world.grantsByFence.set(fence, grant);
      world.lastFences.set(claim.id, fence);
      end(claim.id);
    },

    renewed(token, before, after, { skewMs }) {
      check(world, 'changed', token, before, after, false);
      world.note?.(`server: renewal of ${before.id} by ${token}`);
      const grant = world.grants.get(token);
      if (grant) grant.leaseUntil = after.leaseUntil - skewMs;
    },

    settled(token, before, after, how, { skewMs }) {
      check(world, 'changed', token, before, after, !('bytes' in how) && !how.unknown);
      world.note?.(
        `server: ${kindOf(how)} of ${before?.id} by ${token}: ${statusOf(before, after)}`,
      );
      const grant = world.grants.get(token);
      // One that has expired is over, too: a request that was sent before that may still find it.
      if (grant && (!before || before !== after)) grant.isOver = true;
      if (!after || before === after) return;
      // An operator, or a probe: whoever settles without executing has found out.
      if (grant?.claim.settlesOnly && after.status !== 'in_progress') clear(world, after.id);
      if (after.status !== 'completed') return;
      clear(world, after.id);
      const expiresAt = after.expiresAt && after.expiresAt - skewMs;
      const from = world.time.now();
      const to = Number.POSITIVE_INFINITY;
      const text = textOf(world, after, how as EncodedOutcome);
      world.recorded.push({ id: after.id, token, text, from, to, expiresAt, endedBy: undefined });
    },

    extended({ id, expiresAt }, { skewMs }) {
      const result = world.current(id);
      if (result) result.expiresAt = expiresAt && expiresAt - skewMs;
    },

    deleted({ id, token }) {
      world.note?.(`server: ${id} deleted`);
      const grant = world.grants.get(token);
      if (grant) {
        grant.isOver = true;
        grant.isDeleted = true;
      }
      end(id);
      clear(world, id);
    },
  };
}

/** Somebody has decided: what ran before may be done again. */
export function clear(world: World, id: string): void {
  for (const effect of world.effects) if (effect.id === id) effect.isCleared = true;
}

function textOf(world: World, after: StoredRecord, { settledBy, lastError }: EncodedOutcome) {
  if (settledBy?.by === 'probe') return world.found.get(after.id) ?? '';
  return lastError ? lastError.message : (world.effectOf(after)?.text ?? '');
}

function kindOf(how: EncodedOutcome | FailureNote): string {
  if ('bytes' in how) return 'completion';
  return how.unknown ? 'end as unknown' : `release (${how.error.name})`;
}

function statusOf(before: StoredRecord | undefined, after: StoredRecord | undefined): string {
  return before === after ? 'nothing changed' : after!.status;
}
