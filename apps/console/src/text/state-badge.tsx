import type { JSX } from 'preact';
import type { RecordState } from '../wire.ts';
import { CompletedIcon, ExecutingIcon, FailedIcon, StuckIcon } from './icons.tsx';

const icons: Readonly<Record<RecordState, () => JSX.Element>> = {
  executing: ExecutingIcon,
  stuck: StuckIcon,
  completed: CompletedIcon,
  failed: FailedIcon,
};

export const stateWords: Readonly<Record<RecordState, string>> = {
  executing: 'Executing',
  stuck: 'Stuck',
  completed: 'Completed',
  failed: 'Failed',
};

const stateMeanings: Readonly<Record<RecordState, string>> = {
  executing: 'Somebody executes it under a lease.',
  stuck:
    'Its lease is over and nobody settled it: its executor crashed or was cut off. It is held for an operator, or the next call takes it over.',
  completed: 'Calls with its key get what is recorded.',
  failed: 'The last attempt failed. The next call executes it again.',
};

export function StateBadge({ state }: { state: RecordState }): JSX.Element {
  const StateIcon = icons[state];
  return (
    <span class={`state ${state}`} title={stateMeanings[state]}>
      <StateIcon />
      {stateWords[state]}
    </span>
  );
}
