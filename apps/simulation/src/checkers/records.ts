import { clocksApartMs } from '../world/protocols.ts';
import type { Invariant } from './invariant.ts';

type Checkers = Record<
  | 'stability'
  | 'ownership'
  | 'own-write recognition'
  | 'mismatch changes nothing'
  | 'never freed after success'
  | 'rising fence'
  | 'duplicates write nothing',
  Invariant
>;

/** Invariants about what is in the store. */
export const recordCheckers: Checkers = {
  stability: {
    says: 'A completed outcome neither changes nor vanishes before its retention ends or an operator deletes it.',
    claimed(world, claim, before, answer) {
      const { id } = claim;
      if (answer.status !== 'acquired' || before?.token === claim.token) return;
      if (world.excused.has(id)) return;
      const result = world.current(id);
      if (!result || claim.supersedes !== undefined) return;
      // A clock that is ahead finds a record expired earlier.
      const earlyMs = world.plan.setting.kind === 'dynamodb' ? clocksApartMs : 0;
      if (result.expiresAt !== undefined && world.time.now() >= result.expiresAt - earlyMs) return;
      world.fail('stability', `${result.text} counts, and its record was claimed again`);
    },
    changed(world, token, before, after) {
      if (before?.status !== 'completed' || before === after) return;
      world.fail('stability', `${before.id} was completed, and changed by ${token}`);
    },
  },

  ownership: {
    says: 'Complete, release and renew change a record only while it is in progress and carries my token.',
    changed(world, token, before, after) {
      if (before === after) return;
      if (before?.status === 'in_progress' && before.token === token) return;
      world.fail('ownership', `${after?.id} was changed by ${token}, which does not own it`);
    },
  },

  'own-write recognition': {
    says: 'My claim or completion that landed is never reported to me as a conflict.',
    claimAnswered(world, { token, id }, { status, record }) {
      const isMine = record.token === token && record.status === 'in_progress';
      if (status === 'existing' && isMine) {
        world.fail('own-write recognition', `the claim of ${id} was answered as somebody else’s`);
      }
    },
    settlementAnswered(world, id, token, answer) {
      if (answer.status !== 'lost' || world.excused.has(id)) return;
      const result = world.current(id);
      const hasExpired =
        result?.expiresAt !== undefined && world.time.now() >= result.expiresAt - 100;
      if (result?.token === token && !hasExpired) {
        world.fail('own-write recognition', `the completion of ${id} that landed is called lost`);
      }
    },
  },

  'mismatch changes nothing': {
    says: 'A fingerprint mismatch neither replays nor executes, and changes nothing.',
    claimed(world, claim, before, answer) {
      if (claim.fingerprint === undefined || before?.fingerprint === undefined) return;
      if (claim.fingerprint === before.fingerprint || before.token === claim.token) return;
      if (answer.status === 'acquired') {
        world.fail('mismatch changes nothing', `${claim.id} was claimed with another payload`);
      }
    },
    answered(world, { order, text }) {
      if (!world.plan.setting.hasFingerprint || text.includes(` for ${order.amount}`)) return;
      world.fail('mismatch changes nothing', `a call for ${order.amount} was answered ${text}`);
    },
  },

  'never freed after success': {
    says: 'Once the effect succeeded, our code never frees the key.',
    changed(world, token, before, after, isFreeing) {
      if (!isFreeing || !before || before === after) return;
      const grant = world.grants.get(token);
      if (!grant || grant.isOver || grant.claim.settlesOnly || world.excused.has(before.id)) return;
      const effect = world.effectOf(before);
      // One that landed once more after it was deleted is another claim.
      if (effect?.ending !== 'value' || effect.fence !== before.fence) return;
      world.fail('never freed after success', `${effect.text} succeeded, and was released`);
    },
  },

  'rising fence': {
    says: 'The fence of a record strictly increases.',
    claimed(world, claim, before, { status, record }) {
      if (status !== 'acquired' || before?.token === claim.token) return;
      const last = world.lastFences.get(claim.id) ?? 0;
      if (record.fence > last || world.excused.has(claim.id)) return;
      world.fail(
        'rising fence',
        `${claim.id} was claimed with fence ${record.fence} after ${last}`,
      );
    },
  },

  'duplicates write nothing': {
    says: 'A rejected duplicate writes nothing.',
    claimed(world, { id }, before, { status }) {
      if (status === 'acquired' || world.table.rows.get(id) === before) return;
      world.fail('duplicates write nothing', `${id} was changed by a claim that was refused`);
    },
  },
};
