import type { BulkCount, BulkFilter, BulkState } from '@twiceproof/console/wire';
import { bulkActionOf, bulkFilterOf, bulkSelection } from '../bulk/bulk-filter.ts';
import { bulkWork } from '../bulk/bulk-work.ts';
import { countMatching } from '../bulk/count-matching.ts';
import { Refusal, readOnlyRefusal, refusalOf } from '../refusal.ts';
import { textOf } from '../request-body.ts';
import { retentionOf } from '../retention-param.ts';
import type { Acting, Reading } from './route.ts';

/** How many records an action would be about; asked part by part until there is no cursor. */
export const counted: Reading<BulkCount> = ({ idempotency }, params) => {
  const { action, at, cursor, ...asked } = Object.fromEntries(params);
  const from = at === undefined ? Date.now() : timeOf({ at: Number(at) }, 'at');
  const selection = bulkSelection(bulkActionOf(action), bulkFilterOf(asked), from);
  const filter = { ...selection.filter, ...(cursor && { cursor }) };
  return countMatching(idempotency.records, { ...selection, filter }, from);
};

export const progress: Reading<BulkState> = async ({ bulk }) => ({
  job: bulk.current(),
  now: Date.now(),
});

/** Begins to do it to all that match; it goes on when the request is answered. */
export const start: Acting<BulkState> = async (context, body, { by }) => {
  const { audit, bulk, probe, readOnly } = context;
  const action = bulkActionOf(body.action);
  const reason = textOf(body, 'reason', 500).trim();
  let filter: BulkFilter | undefined;
  try {
    filter = bulkFilterOf(body.filter);
    if (readOnly) throw readOnlyRefusal();
    const [at, until, count] = [timeOf(body, 'at'), timeOf(body, 'until'), timeOf(body, 'count')];
    const work = bulkWork(
      action,
      retentionOf(body, action === 'extend' ? undefined : false),
      probe,
    );
    const selection = bulkSelection(action, filter, at, until);
    return {
      job: bulk.start({ action, filter, selection, work, by, reason, count }),
      now: Date.now(),
    };
  } catch (error) {
    audit.note({
      by,
      action,
      reason,
      filter,
      outcome: 'refused',
      detail: refusalOf(error).message,
    });
    throw error;
  }
};

export const stop: Acting<BulkState> = async ({ bulk, readOnly }, body, { by }) => {
  if (readOnly) throw readOnlyRefusal();
  return { job: bulk.stop(textOf(body, 'id', 100), by), now: Date.now() };
};

/** A time in epoch milliseconds, or a count. */
function timeOf(body: Readonly<Record<string, unknown>>, name: string): number {
  const value = body[name];
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw new Refusal('INVALID', `Give ${name} as the count answered it.`);
}
