import type { InvariantName } from '../checkers/invariants.ts';
import type { LogicTable } from '../world/logic-table.ts';
import { type Rules, sharedRules } from './rules.ts';

/** A way in which the logic of records may be wrong, and the invariants that tell. */
export interface RecordMutant {
  readonly name: string;
  /** What it does wrong. */
  readonly fault: string;
  /** One of these is the first to be violated. */
  readonly caughtBy: readonly InvariantName[];
  readonly rules?: Rules;
  table?(table: LogicTable): void;
}

const real = sharedRules;

export const recordMutants: readonly RecordMutant[] = [
  {
    name: 'anybody settles',
    fault: 'settles a record for whoever asks',
    caughtBy: ['ownership', 'stability'],
    rules: {
      ...real,
      completing: (token, outcome, limit) => (record, now) =>
        real.completing(record?.token ?? token, outcome, limit)(record, now),
    },
  },
  {
    name: 'anybody renews',
    fault: 'renews a lease for whoever asks',
    caughtBy: ['ownership'],
    rules: {
      ...real,
      renewed: (record, _token, ms, now) => real.renewed(record, record.token, ms, now),
    },
  },
  {
    name: 'lease over too soon',
    fault: 'counts a lease as over when half of it is',
    caughtBy: ['exclusivity'],
    rules: { ...real, judge: (record, claim, now) => real.judge(record, claim, now + 150) },
  },
  {
    name: 'expiry not looked at',
    fault: 'goes on answering records that have expired',
    caughtBy: ['expiry by the authority'],
    rules: { ...real, counts: () => true },
  },
  {
    name: 'expired too soon',
    fault: 'takes a record for expired before it is',
    caughtBy: ['stability', 'own-write recognition', 'exclusivity'],
    rules: { ...real, counts: (record, now, paused) => real.counts(record, now + 150, paused) },
  },
  {
    name: 'retention from the start',
    fault: 'keeps a result from when its attempt began',
    caughtBy: ['expiry by the authority'],
    rules: {
      ...real,
      completing: (token, outcome, limit) => (record, now) =>
        real.completing(token, outcome, limit)(record, record?.startedAt ?? now),
    },
  },
  {
    name: 'payload not compared',
    fault: 'claims a record of another payload',
    caughtBy: ['mismatch changes nothing'],
    rules: {
      ...real,
      judge: (record, claim, now) => real.judge(record, { ...claim, fingerprint: undefined }, now),
    },
  },
  {
    name: 'own claim not known',
    fault: 'takes a claim of its own that had landed for somebody else’s',
    caughtBy: ['own-write recognition'],
    rules: {
      ...real,
      judge(record, claim, now) {
        const answer = real.judge(record, claim, now);
        return answer && { ...answer, status: 'existing' };
      },
    },
  },
  {
    name: 'own settlement not known',
    fault: 'answers what had landed as lost',
    caughtBy: ['own-write recognition'],
    rules: {
      ...real,
      completing: (token, outcome, limit) => (record, now) => {
        const answer = real.completing(token, outcome, limit)(record, now);
        return answer.status === 'already_done' ? { status: 'lost' } : answer;
      },
    },
  },
  {
    name: 'completed is free',
    fault: 'lets a completed record be claimed when its lease is over',
    caughtBy: ['stability'],
    rules: {
      ...real,
      judge: (record, claim, now) =>
        record.status === 'completed' && record.leaseUntil <= now
          ? undefined
          : real.judge(record, claim, now),
    },
  },
  {
    name: 'nobody is asked',
    fault: 'takes an abandoned record over that waits for a verdict',
    caughtBy: ['unknown is not failure'],
    rules: {
      ...real,
      judge: (record, claim, now) => real.judge(record, { ...claim, abandoned: 'reexecute' }, now),
    },
  },
  {
    name: 'verdict about another attempt',
    fault: 'acts on a verdict without looking at which attempt it was about',
    caughtBy: ['unknown is not failure'],
    rules: {
      ...real,
      judge(record, claim, now) {
        const answer = real.judge(record, claim, now);
        const isLive = record.status === 'in_progress' && record.leaseUntil > now;
        return claim.supersedes !== undefined && answer?.status === 'existing' && !isLive
          ? undefined
          : answer;
      },
    },
  },
  {
    name: 'unknown written down as failed',
    fault: 'frees a record of whose effect nobody knows',
    caughtBy: ['unknown is not failure'],
    rules: {
      ...real,
      releasing: (token, failure, limit) =>
        real.releasing(token, { ...failure, unknown: false }, limit),
    },
  },
  {
    name: 'unknown keeps its lease',
    fault: 'lets the lease of an attempt run out that has ended as unknown',
    caughtBy: ['liveness'],
    rules: {
      ...real,
      releasing: (token, failure, limit) => (record, now) => {
        const answer = real.releasing(token, failure, limit)(record, now);
        if (answer.status !== 'done' || !record || !failure.unknown) return answer;
        return { ...answer, record: { ...answer.record, leaseUntil: record.leaseUntil } };
      },
    },
  },
  {
    name: 'unknown is renewed',
    fault: 'gives a lease to an attempt that has ended as unknown',
    caughtBy: ['ownership'],
    rules: {
      ...real,
      renewed: (record, token, ms, now) =>
        record.token === token && record.status === 'in_progress'
          ? { ...record, leaseUntil: now + ms }
          : undefined,
    },
  },
  {
    name: 'failed is final',
    fault: 'lets nobody execute again what has failed',
    caughtBy: ['liveness'],
    rules: {
      ...real,
      judge: (record, claim, now) =>
        real.judge(record, claim, now) ??
        (record.status === 'failed'
          ? { status: 'existing', record, leaseRemainingMs: 0 }
          : undefined),
    },
  },
  {
    name: 'lease shortened by a claim',
    fault: 'gives a claim a shorter lease than it answers',
    caughtBy: ['lease deadline'],
    rules: {
      ...real,
      claimed: (claim, last, now) => {
        const record = real.claimed(claim, last, now);
        return { ...record, leaseUntil: record.leaseUntil - 100 };
      },
    },
  },
  {
    name: 'fence counted by the record',
    fault: 'begins to count fences anew when a record was deleted',
    caughtBy: ['rising fence'],
    table(table) {
      table.nextFence = (id) => (table.rows.get(id)?.fence ?? 0) + 1;
    },
  },
  {
    name: 'outcome of the first',
    fault: 'records the outcome that came first for everybody',
    caughtBy: ['agreement'],
    rules: {
      ...real,
      completing: (token, outcome, limit) =>
        real.completing(token, { ...outcome, bytes: Uint8Array.of(0) }, limit),
    },
  },
];
