import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { about } from '../page/about.ts';
import { type Filter, filter } from '../page/address.ts';
import type { BulkAction } from '../wire.ts';
import { BulkDialog } from './bulk-dialog.tsx';
import { isUnderWay, job } from './bulk-state.ts';
import { bulkActionsFor, bulkWords } from './bulk-words.ts';

/** What the operator is asked about: the records that were looked at then, whatever comes in meanwhile. */
const asked = signal<{ readonly action: BulkAction; readonly filter: Filter } | undefined>(
  undefined,
);

/** What can be done to all records that match, where not every record does. */
export function BulkBar(): JSX.Element | null {
  const actions = bulkActionsFor(filter.value);
  if (about.value?.readOnly || actions.length === 0 || isUnderWay(job.value)) return null;
  return (
    <div class="bulk-bar" role="toolbar" aria-label="All that match">
      <span class="hint">All that match:</span>
      {actions.map((action) => (
        <button
          type="button"
          key={action}
          class={action === 'delete' ? 'quiet danger' : 'quiet'}
          onClick={() => {
            asked.value = { action, filter: filter.peek() };
          }}
        >
          {bulkWords[action].button}…
        </button>
      ))}
    </div>
  );
}

/** The dialog of the action that was chosen. */
export function AskedBulk(): JSX.Element | null {
  if (!asked.value) return null;
  return (
    <BulkDialog
      {...asked.value}
      onClose={() => {
        asked.value = undefined;
      }}
    />
  );
}
