import type { BulkAction, BulkFilter, RecordState } from '@twiceproof/console/wire';
import type { IdempotencyRecord, RecordFilter } from '@twiceproof/core';
import { endOf } from '../../records/end-of.ts';
import { askedRecords } from '../record-filter-params.ts';
import { stateOf } from '../record-state.ts';
import { Refusal } from '../refusal.ts';

/** Which records an action is about: those that the store finds, as far as `only` agrees. */
export interface BulkSelection {
  readonly filter: RecordFilter;
  readonly only: (record: IdempotencyRecord) => boolean;
}

const abandoned: readonly RecordState[] = ['unknown', 'held', 'stuck'];
const settled: readonly RecordState[] = ['failed', 'completed'];

/** What is being executed is in no state for any of them. */
const statesFor: Readonly<Record<BulkAction, readonly RecordState[]>> = {
  release: [...abandoned, ...settled],
  extend: settled,
  reconcile: abandoned,
  delete: [...abandoned, ...settled],
};

const conditions: readonly string[] = [
  'state',
  'operation',
  'scope',
  'run',
  'newer',
  'older',
  'text',
  'idPrefix',
  'workflow',
];

export function bulkActionOf(text: unknown): BulkAction {
  if (typeof text === 'string' && Object.hasOwn(statesFor, text)) return text as BulkAction;
  throw new Refusal('INVALID', 'The action is one of release, extend, reconcile and delete.');
}

/** The conditions of a request. One that is not known would widen what is changed. */
export function bulkFilterOf(given: unknown): BulkFilter {
  const filter: Record<string, string> = {};
  if (typeof given !== 'object' || given === null) throw new Refusal('INVALID', 'Give filter.');
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== 'string' || !(name === 'environment' || conditions.includes(name))) {
      throw new Refusal('INVALID', `The filter has a condition that is not known: ${name}.`);
    }
    if (value !== '') filter[name] = value;
  }
  return filter;
}

/**
 * The records that an action is about. A store finds those that are stuck with those that are held or
 * unknown among them: each record is asked for the state that it is in. What ended after `until` was
 * not there to be counted.
 */
export function bulkSelection(
  action: BulkAction,
  asked: BulkFilter,
  at: number,
  until: number = Number.POSITIVE_INFINITY,
): BulkSelection {
  if (action !== 'reconcile' && !conditions.some((name) => asked[name] !== undefined)) {
    throw new Refusal('INVALID', 'Say which records: choose a state, an operation or a time.');
  }
  const { filter, state } = askedRecords(new URLSearchParams(asked), at);
  if (state !== undefined && !statesFor[action].includes(state)) {
    throw new Refusal('INVALID', `There is nothing to ${action} in this state: ${state}.`);
  }
  const isAbandoned = action === 'reconcile';
  return {
    filter: {
      ...filter,
      ...(isAbandoned && { stuck: true }),
      ...(until !== Number.POSITIVE_INFINITY && {
        startedBefore: Math.min(until + 1, filter.startedBefore ?? Number.POSITIVE_INFINITY),
      }),
    },
    only(record) {
      const current = stateOf(record, Date.now());
      const isMeant = state === undefined ? statesFor[action].includes(current) : state === current;
      return isMeant && endOf(record) <= until;
    },
  };
}
