import { isIdempotencyError } from '@twiceproof/core';
import { labelOf } from '../world/ledger.ts';
import { tierMaxAgeMs } from '../world/stack.ts';
import { slackMs } from './effects.ts';
import type { Invariant } from './invariant.ts';

type Checkers = Record<
  | 'agreement'
  | 'injective ids'
  | 'expiry by the authority'
  | 'tiers serve what counts'
  | 'isolated replays'
  | 'no accidental meeting',
  Invariant
>;

/** Invariants about what callers get. */
export const answerCheckers: Checkers = {
  agreement: {
    says: 'Every caller in a window gets the recorded outcome or an explicit error.',
    answered(world, { text, from, to, outcome, steps }) {
      for (const step of steps) {
        if (world.recorded.some((candidate) => candidate.text === step)) continue;
        world.fail('agreement', `${text} was made of '${step}', which no step has recorded`);
      }
      const { isTiered } = world.plan.setting;
      if (isTiered && outcome === 'replayed') return;
      const result = world.lastRecorded(text, to);
      if (!result) world.fail('agreement', `${text} was answered and never recorded`);
      else if (result.from > to || result.to < from) {
        if (world.excused.has(result.id)) return;
        world.fail(
          'agreement',
          `${text} was answered from ${from} to ${to}, and counted until ${result.to}`,
        );
      }
    },
    refused(world, { order }, error) {
      if (isIdempotencyError(error) || isOwnError(error)) return;
      world.fail('agreement', `a call of ${String(order.key)} was answered ${String(error)}`);
    },
  },

  'injective ids': {
    says: 'Different keys have different record ids.',
    effectStarts(world, { id, text }, label) {
      const other = world.labels.get(id);
      if (other !== undefined && other !== label) {
        world.fail('injective ids', `${text} has the record id of ${other}`);
      }
    },
    answered(world, { order, text }) {
      if (text.startsWith(`${labelOf(order.key)} `)) return;
      world.fail('injective ids', `a call of ${labelOf(order.key)} was answered ${text}`);
    },
  },

  'expiry by the authority': {
    says: 'Expiry is decided by the authority’s clock; nothing is replayed past its retention.',
    answered(world, { text, from, to, outcome, process }) {
      if (outcome !== 'replayed') return;
      const result = world.lastRecorded(text, to);
      if (result?.expiresAt === undefined) return;
      // A clock that jumps bounds a copy no longer by the retention, but still by its greatest age.
      const staleMs = world.plan.setting.isTiered && process.skewMs !== 0 ? tierMaxAgeMs : 0;
      if (from > result.expiresAt + slackMs + staleMs) {
        world.fail(
          'expiry by the authority',
          `${text} was replayed at ${from}, after ${result.expiresAt}`,
        );
      }
    },
  },

  'tiers serve what counts': {
    says: 'A faster tier serves only completed records that the authority acknowledged, no longer than its cap.',
    answered(world, { text, from, to, outcome, process }) {
      if (!world.plan.setting.isTiered || outcome !== 'replayed') return;
      const result = world.lastRecorded(text, to);
      if (!result || result.from > to) {
        world.fail('tiers serve what counts', `${text} was replayed, and not recorded yet`);
        return;
      }
      if (world.excused.has(result.id)) return;
      const staleMs = result.endedBy === process ? 0 : tierMaxAgeMs;
      if (result.to + staleMs < from) {
        world.fail(
          'tiers serve what counts',
          `${text} was replayed at ${from}, and counted until ${result.to}`,
        );
      }
    },
  },

  'isolated replays': {
    says: 'A replay is an isolated copy, equal to what the first caller got.',
    answered(world, { text, isPristine }) {
      if (!isPristine)
        world.fail('isolated replays', `${text} was answered as somebody has changed it`);
    },
  },

  'no accidental meeting': {
    says: 'Two pieces of work never share a record because a key was empty or blank by accident.',
    effectStarts(world, { text }, label) {
      if (label === '""') world.fail('no accidental meeting', `${text} has no key`);
    },
  },
};

/** What the work throws by itself. */
function isOwnError(error: unknown): boolean {
  return error instanceof RangeError || (error as { code?: unknown }).code === 'ETIMEDOUT';
}
