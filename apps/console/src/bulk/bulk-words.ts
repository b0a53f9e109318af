import type { Filter } from '../page/address.ts';
import { countText, numberText } from '../text/words.ts';
import type { BulkAction, BulkJob, BulkVerdict, RecordState } from '../wire.ts';

/** What an action on many records is called. */
export interface BulkWords {
  readonly button: string;
  readonly doing: string;
  readonly done: string;
}

export const bulkWords: Readonly<Record<BulkAction, BulkWords>> = {
  release: { button: 'Release', doing: 'Releasing', done: 'released' },
  extend: { button: 'Extend', doing: 'Extending', done: 'extended' },
  reconcile: { button: 'Ask the probe', doing: 'Asking the probe about', done: 'asked about' },
  delete: { button: 'Delete', doing: 'Deleting', done: 'deleted' },
};

/** The actions that can be done to all records of a filter; none where it leaves out nothing. */
export function bulkActionsFor(filter: Filter): readonly BulkAction[] {
  const { environment: _everywhere, ...conditions } = filter;
  if (Object.keys(conditions).length === 0) return [];
  switch (filter.state as RecordState | undefined) {
    case undefined:
      return ['release', 'extend', 'reconcile', 'delete'];
    case 'executing':
      return [];
    case 'unknown':
    case 'held':
    case 'stuck':
      return ['reconcile', 'release', 'delete'];
    case 'failed':
    case 'completed':
      return ['release', 'extend', 'delete'];
  }
}

/** `Release 137 records?`; without a number while they are counted. */
export function bulkTitle(action: BulkAction, count: number | undefined): string {
  const what = count === undefined ? 'all that match' : countText(count, 'record');
  if (action === 'reconcile') return `Ask the probe about ${what}?`;
  return `${bulkWords[action].button} ${what}?`;
}

/** The records of a filter in words. */
export function filterWords(filter: Filter): string {
  const { state, operation, environment, scope, run, newer, older } = filter;
  const { text, idPrefix, workflow } = filter;
  const parts = [
    `${state === undefined ? 'Records' : `${state[0]!.toUpperCase()}${state.slice(1)} records`}${
      operation === undefined ? ' of all operations' : ` of ${operation}`
    }, ${environment === undefined ? 'in all environments' : `in ${environment}`}`,
    scope !== undefined && `of scope ${scope}`,
    run !== undefined && `of run ${run}`,
    newer !== undefined && `started in the last ${newer}`,
    older !== undefined && `started more than ${older} ago`,
    text !== undefined && `whose key is or contains “${text}”`,
    idPrefix !== undefined && `whose id begins with ${idPrefix}`,
    workflow !== undefined && `steps of ${workflow}`,
  ];
  return parts.filter(Boolean).join(', ');
}

type States = Readonly<Partial<Record<RecordState, number>>>;

const order: readonly RecordState[] = ['unknown', 'held', 'stuck', 'failed', 'completed'];

/** `3 held, 12 failed`. */
export function stateCounts(states: States): string {
  return order
    .filter((state) => state in states)
    .map((state) => `${numberText(states[state]!)} ${state}`)
    .join(', ');
}

/** What follows, and what to make sure of first. */
export function bulkConsequence(action: BulkAction, states: States): string {
  const areAbandoned = ['unknown', 'held', 'stuck'].some((state) => state in states);
  switch (action) {
    case 'release':
      return [
        'Their next calls execute them again.',
        areAbandoned &&
          'Make sure first that the effects of the attempts that were cut off did not happen.',
        'completed' in states &&
          'What is done is done once more, and what is recorded of it is lost.',
      ]
        .filter(Boolean)
        .join(' ');
    case 'extend':
      return 'They are kept for this long from now, and calls go on getting what they hold.';
    case 'reconcile':
      return 'Those whose effect it finds are completed with it, those that had none are released, and the others go on waiting.';
    case 'delete':
      return [
        'All that is known about them is lost, and their next calls execute them again.',
        'completed' in states && 'What is done is done once more.',
        areAbandoned && 'So is what was cut off, whether or not its effect happened.',
      ]
        .filter(Boolean)
        .join(' ');
  }
}

/** Where a mistake cannot be taken back. */
export function isBulkDangerous(action: BulkAction, states: States): boolean {
  return action === 'delete' || (action === 'release' && 'completed' in states);
}

const verdictWords: Readonly<Record<Exclude<BulkVerdict, 'changed'>, string>> = {
  completed: 'completed',
  released: 'released',
  held: 'go on waiting',
  failed: 'could not be asked about',
  skipped: 'left alone, because they are executed or have changed',
};

/** What came of the records so far. */
function verdictsText({ action, verdicts }: BulkJob): string {
  const { changed = 0, ...others } = verdicts;
  const parts = Object.entries(verdictWords).flatMap(([verdict, words]) => {
    const count = others[verdict as keyof typeof verdictWords] ?? 0;
    const said = verdict === 'held' && count === 1 ? 'goes on waiting' : words;
    return count === 0 ? [] : [`${numberText(count)} ${said}`];
  });
  if (action !== 'reconcile') parts.unshift(`${numberText(changed)} ${bulkWords[action].done}`);
  return parts.length === 0 ? 'none settled' : parts.join(', ');
}

/** How far it has come, or how it ended. */
export function jobText(job: BulkJob): string {
  const { action, phase, matched, count } = job;
  const { doing } = bulkWords[action];
  const soFar = `${numberText(matched)} of ${countText(Math.max(count, matched), 'record')}`;
  switch (phase) {
    case 'running':
      return `${doing} ${soFar}`;
    case 'stopping':
      return `Stopping after ${soFar}…`;
    case 'done':
      return `Done: ${verdictsText(job)}.`;
    case 'stopped':
      return `Stopped after ${soFar}: ${verdictsText(job)}.`;
    case 'failed':
      return `Ended by a fault after ${soFar}: ${verdictsText(job)}.`;
  }
}
