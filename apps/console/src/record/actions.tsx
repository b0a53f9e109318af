import { useSignal } from '@preact/signals';
import type { IdempotencyRecord } from '@twiceproof/core';
import type { JSX } from 'preact';
import { about } from '../page/about.ts';
import type { ChangeAction, RecordState } from '../wire.ts';
import { ActionDialog } from './action-dialog.tsx';
import { actionsIn, actionWords } from './action-words.ts';

/** What an operator can do to the record. */
export function Actions({
  record,
  state,
}: {
  record: IdempotencyRecord;
  state: RecordState;
}): JSX.Element | null {
  const asked = useSignal<
    { action: ChangeAction; record: IdempotencyRecord; state: RecordState } | undefined
  >(undefined);
  if (about.value?.readOnly) {
    return (
      <p class="hint read-only">
        The console is read-only. Start it without --read-only to change records.
      </p>
    );
  }
  return (
    <div class="actions" role="toolbar" aria-label="Actions">
      {actionsIn(state).map((action) => (
        <button
          type="button"
          key={action}
          class={action === 'delete' ? 'danger' : ''}
          onClick={() => {
            // The operator decides about what can be seen now, whatever comes in meanwhile.
            asked.value = { action, record, state };
          }}
        >
          {actionWords(action, record, state, false).button}
        </button>
      ))}
      {asked.value && (
        <ActionDialog
          {...asked.value}
          onClose={() => {
            asked.value = undefined;
          }}
        />
      )}
    </div>
  );
}
