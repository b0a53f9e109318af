import { randomUUID } from 'node:crypto';
import type { BulkAction, BulkFilter, BulkJob, BulkVerdict } from '@twiceproof/console/wire';
import type { IdempotencyRecord, Records } from '@twiceproof/core';
import { visibleText } from '../../output/visible-text.ts';
import type { AuditEntry, AuditLog } from '../audit-log.ts';
import { Refusal, refusalOf } from '../refusal.ts';
import type { BulkSelection } from './bulk-filter.ts';
import type { BulkWork } from './bulk-work.ts';

/** An action on many records that an operator asked for. */
interface BulkOrder {
  readonly action: BulkAction;
  readonly filter: BulkFilter;
  readonly selection: BulkSelection;
  readonly work: BulkWork;
  readonly by: string;
  readonly reason: string;
  readonly count: number;
}

/** Actions on many records, of which one is under way at a time. */
export interface BulkJobs {
  /** Throws `BUSY` while another one is under way. */
  start(order: BulkOrder): BulkJob;
  /** The one that is under way, or else the last one. */
  current(): BulkJob | undefined;
  /** What is under way of it is ended, and no more is begun. Throws `GONE` if it has ended. */
  stop(id: string, by: string): BulkJob;
  /** Stops it, and waits for it. */
  end(): Promise<void>;
}

interface Job {
  shown: BulkJob;
  readonly stopping: AbortController;
  ended: Promise<void>;
}

export function createBulkJobs(
  records: Records,
  audit: AuditLog,
  onFault: (fault: unknown) => void,
): BulkJobs {
  let job: Job | undefined;
  let isClosed = false;
  const running = () => (job && isUnderWay(job.shown) ? job : undefined);

  const run = async (own: Job, order: BulkOrder): Promise<void> => {
    const { action, filter, by, reason, count } = order;
    const { id } = own.shown;
    const change = (changes: Partial<BulkJob>) => {
      own.shown = { ...own.shown, ...changes };
    };
    const end = (
      phase: 'done' | 'stopped' | 'failed',
      detail: string | undefined,
      problem = own.shown.problem,
    ) => {
      const { matched, verdicts } = own.shown;
      const counts = { counted: count, matched, ...verdicts };
      audit.note({ by, action, reason, job: id, filter, counts, outcome: phase, detail });
      change({ phase, problem });
    };
    try {
      await order.work(records, order.selection, {
        by,
        reason,
        signal: own.stopping.signal,
        check: audit.check,
        onRecord(record, verdict) {
          const { matched, verdicts } = own.shown;
          const counted = { ...verdicts, [verdict]: (verdicts[verdict] ?? 0) + 1 };
          change({ matched: matched + 1, verdicts: counted });
          const done = entryOf(action, record, verdict);
          if (done) audit.note({ by, reason, job: id, outcome: 'done', ...done });
        },
        onError(error) {
          const why = error instanceof Error ? error.message : String(error);
          if (!own.shown.problem) change({ problem: `The probe failed: ${visibleText(why)}` });
        },
      });
      end('done', undefined);
    } catch (error) {
      const { signal } = own.stopping;
      if (signal.aborted) return end('stopped', String(signal.reason));
      const refusal = refusalOf(error);
      if (refusal.code === 'FAULT') onFault(error);
      end('failed', refusal.message, refusal.message);
    }
  };

  return {
    start(order) {
      const other = running();
      if (other) throw busy(other.shown);
      if (isClosed) throw new Refusal('FAULT', 'The console is being stopped; nothing was done.');
      const { action, filter, by, reason, count } = order;
      audit.check();
      const id = randomUUID();
      const own: Job = {
        shown: { id, action, by, phase: 'running', count, matched: 0, verdicts: {} },
        stopping: new AbortController(),
        ended: Promise.resolve(),
      };
      job = own;
      const counts = { counted: count };
      audit.note({ by, action, reason, job: id, filter, counts, outcome: 'started' });
      own.ended = run(own, order);
      return own.shown;
    },

    current: () => job?.shown,

    stop(id, by) {
      const own = running();
      if (own?.shown.id !== id) {
        throw new Refusal('GONE', 'There is nothing to stop: it has ended already.');
      }
      halt(own, `stopped by ${by}`);
      return own.shown;
    },

    async end() {
      isClosed = true;
      const own = running();
      if (!own) return;
      halt(own, 'the console was stopped');
      await own.ended;
    },
  };
}

function isUnderWay({ phase }: BulkJob): boolean {
  return phase === 'running' || phase === 'stopping';
}

function halt(job: Job, reason: string): void {
  job.shown = { ...job.shown, phase: 'stopping' };
  job.stopping.abort(reason);
}

const doing: Readonly<Record<BulkAction, string>> = {
  release: 'releases',
  extend: 'extends',
  reconcile: 'asks the probe about',
  delete: 'deletes',
};

function busy({ action, by, matched, count }: BulkJob): Refusal {
  return new Refusal(
    'BUSY',
    `Nothing was done: ${by} ${doing[action]} records right now, ${matched} of ${count} so far. Wait until that has ended, or stop it.`,
  );
}

/** What the audit log says of one record; nothing where it was left alone. */
function entryOf(
  action: BulkAction,
  { id, version }: IdempotencyRecord,
  verdict: BulkVerdict,
): Pick<AuditEntry, 'action' | 'recordId' | 'version'> | undefined {
  const record = { recordId: id, version };
  if (verdict === 'changed') return { action, ...record };
  if (verdict === 'completed') return { action: 'complete', ...record };
  return verdict === 'released' ? { action: 'release', ...record } : undefined;
}
