import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { about } from '../page/about.ts';
import { type Filter, filter } from '../page/address.ts';
import type { BulkAction } from '../wire.ts';
import { BulkDialog } from './bulk-dialog.tsx';
import { isUnderWay, job } from './bulk-state.ts';
import { bulkActionsFor, bulkWords } from './bulk-words.ts';

/** What can be done to all records that match, where not every record does. */
export function BulkBar(): JSX.Element | null {
  const asked = useSignal<{ action: BulkAction; filter: Filter } | undefined>(undefined);
  const { readOnly } = about.value!;
  const actions = bulkActionsFor(filter.value);
  if (readOnly || (!asked.value && (actions.length === 0 || isUnderWay(job.value)))) return null;
  return (
    <div class="bulk-bar" role="toolbar" aria-label="All that match">
      <span class="hint">All that match:</span>
      {actions.map((action) => (
        <button
          type="button"
          key={action}
          class={action === 'delete' ? 'quiet danger' : 'quiet'}
          onClick={() => {
            // The operator decides about what is looked at now.
            asked.value = { action, filter: filter.peek() };
          }}
        >
          {bulkWords[action].button}…
        </button>
      ))}
      {asked.value && (
        <BulkDialog
          {...asked.value}
          onClose={() => {
            asked.value = undefined;
          }}
        />
      )}
    </div>
  );
}
