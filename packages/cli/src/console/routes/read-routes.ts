import type { About, Overview, RecordsPage, ShownRecord } from '@twiceproof/console/wire';
import { parseRecordId } from '@twiceproof/core';
import { linksOf } from '../../links.ts';
import type { ConsoleContext } from '../console-context.ts';
import { findByKey } from '../find-by-key.ts';
import { askedRecords } from '../record-filter-params.ts';
import { stateOf } from '../record-state.ts';
import { Refusal } from '../refusal.ts';
import type { Reading } from './route.ts';

const mostSeenEnvironments = 20;

export const about: Reading<About> = async (context, _params, { by }) => ({
  store: context.label,
  environment: context.environment,
  readOnly: context.readOnly,
  canReconcile: context.probe !== undefined,
  by,
  now: Date.now(),
});

export const overview: Reading<Overview> = ({ overviews }, params) =>
  overviews.count(params.get('environment') || null, params.get('whole') === '1');

export const listed: Reading<RecordsPage> = async (context, params) => {
  const now = Date.now();
  const { filter, state } = askedRecords(params, now);
  const { records, cursor } = await context.idempotency.records.list(filter);
  for (const { environment } of records) noteEnvironment(context, environment);
  const matching = state === undefined ? records : records.filter((r) => stateOf(r, now) === state);
  return { records: matching, cursor, now };
};

/** Records whose whole id, or whose whole key, the text is. */
export const found: Reading<RecordsPage> = async (context, params) => {
  const text = params.get('text') ?? '';
  const { idempotency, overviews, seenEnvironments } = context;
  if (parseRecordId(text)) {
    const record = await idempotency.records.get(text);
    return { records: record ? [record] : [], now: Date.now() };
  }
  const { filter } = askedRecords(params, Date.now());
  const environment = filter.environment ?? null;
  const counted = filter.operation ? undefined : await overviews.count(environment, false);
  const records = await findByKey(idempotency, text, {
    environments: environment === null ? [...seenEnvironments] : [environment],
    operations: filter.operation
      ? [filter.operation]
      : counted!.operations.map(({ operation }) => operation),
    run: filter.run ?? 0,
    scope: filter.scope,
  });
  return { records, now: Date.now() };
};

export const shown: Reading<ShownRecord> = async ({ idempotency, links }, params) => {
  const id = params.get('id') ?? '';
  const record = id === '' ? undefined : await idempotency.records.get(id);
  if (record === undefined) {
    throw new Refusal(
      'GONE',
      'There is no such record: it never was, it expired, or somebody deleted it.',
    );
  }
  return { record, links: linksOf(links, record), now: Date.now() };
};

function noteEnvironment({ seenEnvironments }: ConsoleContext, environment: string): void {
  if (seenEnvironments.size < mostSeenEnvironments) seenEnvironments.add(environment);
}
