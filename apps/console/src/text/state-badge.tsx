import type { IdempotencyRecord } from '@twiceproof/core';
import type { JSX } from 'preact';
import type { RecordState } from '../wire.ts';
import {
  CompletedIcon,
  ExecutingIcon,
  FailedIcon,
  HeldIcon,
  ReleasedIcon,
  StuckIcon,
  UnknownIcon,
} from './icons.tsx';
import { isReleased } from './record-state.ts';

const icons: Readonly<Record<RecordState, () => JSX.Element>> = {
  executing: ExecutingIcon,
  unknown: UnknownIcon,
  held: HeldIcon,
  stuck: StuckIcon,
  completed: CompletedIcon,
  failed: FailedIcon,
};

export const stateWords: Readonly<Record<RecordState, string>> = {
  executing: 'Executing',
  unknown: 'Unknown',
  held: 'Held',
  stuck: 'Stuck',
  completed: 'Completed',
  failed: 'Failed',
};

const stateMeanings: Readonly<Record<RecordState, string>> = {
  executing: 'Somebody executes it under a lease.',
  unknown:
    'Its attempt ended with nobody knowing whether its effect happened. Find out, then complete or release it.',
  held: 'Its executor crashed or was cut off. Calls are refused until somebody decides whether its work is done.',
  stuck:
    'Its lease is over and nobody settled it: its executor crashed or was cut off. The next call takes it over.',
  completed: 'Calls with its key get what is recorded.',
  failed: 'The last attempt failed. The next call executes it again.',
};

/** Where a record stands. */
export function StateBadge({
  state,
  record,
}: {
  state: RecordState;
  record: IdempotencyRecord;
}): JSX.Element {
  if (isReleased(record)) {
    return (
      <span
        class="state released"
        title="An operator let it run again. It counts as failed until the next call executes it."
      >
        <ReleasedIcon />
        Released
      </span>
    );
  }
  const StateIcon = icons[state];
  return (
    <span class={`state ${state}`} title={stateMeanings[state]}>
      <StateIcon />
      {stateWords[state]}
    </span>
  );
}
