import type { IdempotencyRecord } from '@twiceproof/core';
import { isWorkflow } from '../text/record-state.ts';
import type { ChangeAction, RecordState } from '../wire.ts';

/** What an action is called, and what follows from it. */
export interface ActionWords {
  readonly button: string;
  readonly title: string;
  readonly consequence: string;
  readonly done: string;
  readonly isDangerous: boolean;
}

export function actionWords(
  action: ChangeAction,
  record: IdempotencyRecord,
  state: RecordState,
  steps: boolean,
): ActionWords {
  switch (action) {
    case 'release':
      return {
        button: 'Release',
        title: 'Let it run again?',
        consequence: isWorkflow(record)
          ? steps
            ? 'The next call runs its body and all of its steps again.'
            : 'The next call runs its body again. The steps that completed are replayed, not repeated.'
          : releaseConsequence[state],
        done: 'Released. The next call executes it.',
        isDangerous: state === 'completed' && record.lastError === undefined,
      };
    case 'complete':
      return {
        button: 'Complete',
        title: 'Mark it done?',
        consequence:
          'It does not execute again: later calls get the value that you give here, as if the function had returned it.',
        done: 'Completed. Later calls get the value that you gave.',
        isDangerous: false,
      };
    case 'extend':
      return {
        button: 'Extend',
        title: 'Keep it longer?',
        consequence: 'It is kept for this long from now, and calls go on getting what it holds.',
        done: 'Extended.',
        isDangerous: false,
      };
    case 'delete':
      return {
        button: 'Delete',
        title: 'Delete the record?',
        consequence: isWorkflow(record)
          ? steps
            ? 'It and its steps are forgotten: the next call does all of the work again.'
            : 'It is forgotten: the next call runs its body, and replays the steps that completed.'
          : deleteConsequence[state],
        done: 'Deleted. The next call starts afresh.',
        isDangerous: true,
      };
  }
}

const releaseConsequence: Readonly<Record<RecordState, string>> = {
  executing: 'Somebody executes it right now.',
  unknown:
    'The next call executes it again. Make sure first that its effect did not happen: nobody knows.',
  held: 'The next call executes it again. Make sure that the attempt that crashed did not do its work already.',
  stuck:
    'The next call executes it again. Make sure that the attempt that crashed did not do its work already.',
  failed:
    'It is free already: the next call executes it again. Releasing it notes in the audit log that you want that, and why.',
  completed:
    'Its work is done. Released, the next call does it once more, and what is recorded is lost.',
};

const deleteConsequence: Readonly<Record<RecordState, string>> = {
  executing:
    'Somebody executes it right now, and goes on. Without the record, the next call executes it at the same time. Do this only if that executor will never end.',
  unknown:
    'All that is known about it is lost, and the next call executes it again, whether or not its effect happened.',
  held: 'All that is known about it is lost, and the next call executes it again.',
  stuck: 'All that is known about it is lost, and the next call executes it again.',
  failed: 'All that is known about it is lost, and the next call executes it again.',
  completed: 'What is recorded is lost, and the next call does the work once more.',
};

/** The actions that can be done to a record in this state. */
export function actionsIn(state: RecordState): readonly ChangeAction[] {
  switch (state) {
    case 'executing':
      return ['delete'];
    case 'unknown':
    case 'held':
    case 'stuck':
      return ['release', 'complete', 'delete'];
    case 'failed':
      return ['release', 'complete', 'extend', 'delete'];
    case 'completed':
      return ['release', 'extend', 'delete'];
  }
}
