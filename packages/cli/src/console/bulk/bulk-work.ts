import type { BulkAction, BulkVerdict } from '@twiceproof/console/wire';
import type { BulkBasics, Duration, IdempotencyRecord, Probe, Records } from '@twiceproof/core';
import { Refusal } from '../refusal.ts';
import type { BulkSelection } from './bulk-filter.ts';

/** Small, so that a stop is soon. */
const pageSize = 50;

/** How an action is done: who, why and until when, and whom to tell of each record. */
interface BulkHow extends Required<Pick<BulkBasics, 'by' | 'reason' | 'signal'>> {
  /** Called before each record; what it throws ends the action. */
  readonly check: () => void;
  readonly onRecord: (record: IdempotencyRecord, verdict: BulkVerdict) => void;
  /** Told of each record whose probe failed. */
  readonly onError: (error: unknown, recordId: string) => void;
}

/** Does it to every record of the selection. */
export type BulkWork = (
  records: Records,
  selection: BulkSelection,
  how: BulkHow,
) => Promise<unknown>;

/** What to do for an action, with what it needs beside the records. */
export function bulkWork(
  action: BulkAction,
  retention: Duration | false,
  probe: Probe | undefined,
): BulkWork {
  switch (action) {
    case 'release':
      return (records, { filter, only }, how) =>
        records.releaseAll(paged(filter), changing(only, how));
    case 'delete':
      return (records, { filter, only }, how) =>
        records.deleteAll(paged(filter), changing(only, how));
    case 'extend':
      return (records, { filter, only }, how) =>
        records.extendAll(paged(filter), retention, changing(only, how));
    case 'reconcile': {
      if (!probe) throw new Refusal('INVALID', `Nothing was done: ${withoutProbe}`);
      return (records, { filter, only }, how) => {
        const { by, reason, signal, onRecord, onError } = how;
        return records.reconcile(paged(filter), probe, {
          ...{ by, reason, signal, onRecord, onError, retention },
          only: checked(only, how),
        });
      };
    }
  }
}

const withoutProbe =
  'the console has no probe to ask. Give one in twiceproof.config.ts, defineConfig({ store, probe: async (record) => … }), and start it again, without --store.';

function paged<Filter extends object>(filter: Filter) {
  return { ...filter, limit: pageSize };
}

function changing(only: BulkSelection['only'], how: BulkHow) {
  const { by, reason, signal, onRecord } = how;
  return {
    ...{ by, reason, signal },
    only: checked(only, how),
    onRecord: (record: IdempotencyRecord, isChanged: boolean) =>
      onRecord(record, isChanged ? 'changed' : 'skipped'),
  };
}

function checked(only: BulkSelection['only'], { check }: BulkHow): BulkSelection['only'] {
  return (record) => {
    check();
    return only(record);
  };
}
