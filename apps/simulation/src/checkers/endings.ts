import type { StoredRecord } from '@twiceproof/core';
import type { World } from '../world/world.ts';
import type { Invariant } from './invariant.ts';

type Checkers = Record<
  'liveness' | 'settled while alive' | 'given up without consequence' | 'everything ends',
  Invariant
>;

/** Invariants about what is left when everything is over. */
export const endingCheckers: Checkers = {
  liveness: {
    says: 'An abandoned key is usable again within one lease plus the stated clock margin.',
    stuck(world, what) {
      world.fail('liveness', what);
    },
  },

  'settled while alive': {
    says: 'While the owner’s process lives, a finished effect is settled, or somebody else owns the record.',
    ends(world) {
      for (const row of world.table.rows.values()) {
        if (!isOwned(world, row)) continue;
        const effect = world.effectOf(row);
        if (!effect || effect.process.isDead || effect.endedAt === undefined) continue;
        if (effect.grant?.isOver) continue;
        world.fail(
          'settled while alive',
          `${effect.text} ended at ${effect.endedAt} and was never settled`,
        );
      }
    },
  },

  'given up without consequence': {
    says: 'A request that was given up has no later consequence: it is not sent, or what it did is undone.',
    ends(world) {
      for (const row of world.table.rows.values()) {
        if (!isOwned(world, row)) continue;
        const grant = world.grants.get(row.token);
        if (!grant?.process || grant.isOver || grant.process.isDead) continue;
        if (grant.claim.settlesOnly) continue;
        if (world.effectOf(row)) continue;
        world.fail('given up without consequence', `${row.id}: a claim that was given up is left`);
      }
    },
  },

  'everything ends': {
    says: 'A call, a wait and a shutdown are bounded in time, whatever the network or the effect does.',
    ends(world) {
      for (const { process, order, at, isOver } of world.calls) {
        if (isOver || process.isDead) continue;
        world.fail('everything ends', `the call of ${String(order.key)} at ${at} never ended`);
      }
    },
  },
};

/** In progress, and somebody says to be at it. */
function isOwned({ excused, time }: World, row: StoredRecord): boolean {
  const { id, status, lastError, expiresAt } = row;
  if (status !== 'in_progress' || lastError || excused.has(id)) return false;
  return expiresAt === undefined || time.now() < expiresAt;
}
