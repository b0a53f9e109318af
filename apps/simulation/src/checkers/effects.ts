import type { Grant } from '../world/ledger.ts';
import { marginMs } from '../world/protocols.ts';
import type { World } from '../world/world.ts';
import type { Invariant } from './invariant.ts';

type Checkers = Record<
  | 'exclusivity'
  | 'one start per claim'
  | 'fail closed'
  | 'lease deadline'
  | 'key computed once'
  | 'unknown is not failure'
  | 'wrapped is protected',
  Invariant
>;

/** Invariants about the work itself. */
export const effectCheckers: Checkers = {
  exclusivity: {
    says: 'Never two executors of one record are both inside their lease.',
    effectStarts(world, effect) {
      // An operator ended its lease while the answer to its claim was on its way.
      if (world.excused.has(effect.id) || effect.grant?.isDeleted) return;
      const now = world.time.now();
      for (const other of world.effects) {
        if (other.id !== effect.id || other.endedAt !== undefined || other.process.isDead) continue;
        const { grant } = other;
        if (!grant || grant.isOver || grant.leaseUntil <= now || grant === effect.grant) continue;
        const until = `whose lease lasts until ${grant.leaseUntil}`;
        world.fail('exclusivity', `${effect.text} starts beside ${other.text}, ${until}`);
      }
    },
  },

  'one start per claim': {
    says: 'An effect starts once per claim that was granted: no more often than 1 + takeovers.',
    effectStarts(world, { grant, text }) {
      if (grant && grant.starts > 0) world.fail('one start per claim', `${text} starts again`);
    },
  },

  'wrapped is protected': {
    says: 'What was wrapped is protected or refused; nothing is silently left as it was.',
    effectStarts(world, { fence, text }) {
      if (fence === 0) world.fail('wrapped is protected', `${text} runs without a record`);
    },
  },

  'fail closed': {
    says: 'No acknowledged claim, no effect.',
    effectStarts(world, { grant, text, fence }) {
      if (fence === 0) return;
      const isClaimed = grant !== undefined && world.acknowledged.has(grant.claim.token);
      if (!isClaimed) world.fail('fail closed', `${text} starts without a claim`);
    },
  },

  'lease deadline': {
    says: 'No effect starts after the lease deadline, and the abort signal fires at the deadline.',
    effectStarts(world, { grant, text, id }, _label, isAborted) {
      if (!grant || world.excused.has(id)) return;
      const isOver = leaseEnd(world, grant) <= world.time.now();
      if (isOver) world.fail('lease deadline', `${text} starts after its lease was over`);
      if (isAborted) world.fail('lease deadline', `${text} starts with an aborted signal`);
    },
    effectGoesOn(world, { grant, text, process, id }, isAborted) {
      if (!grant || isAborted || world.excused.has(id)) return;
      const leaseUntil = leaseEnd(world, grant);
      if (leaseUntil + 1 >= world.time.now()) return;
      // What was stopped at its deadline has not had its turn yet.
      if (process.resumedAt > leaseUntil) return;
      world.fail('lease deadline', `${text} goes on after ${leaseUntil} and was not told`);
    },
  },

  'key computed once': {
    says: 'The key is computed once, before the function runs: a function that changes its input changes nothing.',
    effectStarts(world, { id, text }, label) {
      const expected = world.ids.get(label);
      if (expected !== undefined && expected !== id) {
        world.fail('key computed once', `${text} is executed as ${id} instead of ${expected}`);
      }
    },
  },

  'unknown is not failure': {
    says: 'An unknown outcome is never taken for a failure: nothing executes again before `abandoned` has decided.',
    effectStarts(world, { id, text, grant }) {
      if (world.plan.setting.abandoned === 'reexecute' || world.excused.has(id)) return;
      // Its claim came first, and was deleted before it was answered.
      if (grant?.isDeleted) return;
      const before = world.latestEffect(id);
      if (!before || before.isCleared) return;
      // What ended well is another invariant's, and so is what failed cleanly.
      if (before.ending === 'value' || before.ending === 'error') return;
      world.fail(
        'unknown is not failure',
        `${text} starts after ${before.text}, of which nobody knows`,
      );
    },
  },
};

/** A claim may land once more after a deletion: then it has the record again, and renews that. */
function leaseEnd(world: World, grant: Grant): number {
  const latest = world.grants.get(grant.claim.token) ?? grant;
  return Math.max(grant.leaseUntil, latest.leaseUntil);
}

/** What clocks that are off may add. */
export const slackMs = marginMs + 40;
