import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { type Fault, faultOf } from '../connection/fault.ts';
import { Dialog } from '../dialog/dialog.tsx';
import { DialogEnd } from '../dialog/dialog-end.tsx';
import { about } from '../page/about.ts';
import type { Filter } from '../page/address.ts';
import { ReasonField } from '../record/reason-field.tsx';
import { RetentionField } from '../record/retention-field.tsx';
import { VisibleText } from '../text/visible-text.tsx';
import { countText } from '../text/words.ts';
import type { BulkAction } from '../wire.ts';
import { startBulk } from './bulk-state.ts';
import {
  bulkConsequence,
  bulkTitle,
  bulkWords,
  filterWords,
  isBulkDangerous,
  stateCounts,
} from './bulk-words.ts';
import { type Counted, countAll } from './count-all.ts';

interface BulkDialogOptions {
  readonly action: BulkAction;
  readonly filter: Filter;
  readonly onClose: () => void;
}

/** Counts the records that match, asks for a reason, and has it done to those. */
export function BulkDialog(options: BulkDialogOptions): JSX.Element {
  const { action, filter, onClose } = options;
  if (action === 'reconcile' && !about.value?.canReconcile) {
    return (
      <Dialog title="There is no probe to ask" onClose={onClose}>
        <div class="action">
          <p>
            A probe finds out whether the effect of an abandoned record happened. This console was
            started without one: give it in <code>twiceproof.config.ts</code>, as in{' '}
            <code>defineConfig({'{ store, probe: async (record) => … }'})</code>, and start the
            console again, without <code>--store</code>.
          </p>
          <p>Until then, find out by hand, and complete or release the records.</p>
          <footer>
            <button type="button" class="strong" onClick={onClose}>
              Close
            </button>
          </footer>
        </div>
      </Dialog>
    );
  }
  return <Counting action={action} filter={filter} onClose={onClose} />;
}

function Counting({ action, filter, onClose }: BulkDialogOptions): JSX.Element {
  const { counted: counting, stop } = useMemo(() => countAll(action, filter), []);
  useEffect(() => stop, []);
  const counted = counting.value;
  const { isWhole, count, states } = counted;
  const reason = useSignal('');
  const retention = useSignal<string | false>(action === 'extend' ? '7d' : false);
  const isBusy = useSignal(false);
  const refused = useSignal<Fault | undefined>(undefined);
  const fault = counted.fault ?? refused.value;
  const isPossible = isWhole && count > 0;

  const submit = async (event: Event) => {
    event.preventDefault();
    if (isBusy.value || !isPossible) return;
    isBusy.value = true;
    refused.value = undefined;
    try {
      await startBulk({
        action,
        filter: filter as Readonly<Record<string, string>>,
        reason: reason.value,
        ...{ at: counted.at, until: counted.until, count },
        ...((action === 'extend' || action === 'reconcile') && { retention: retention.value }),
      });
      onClose();
    } catch (error) {
      refused.value = faultOf(error);
      isBusy.value = false;
    }
  };

  return (
    <Dialog title={bulkTitle(action, isPossible ? count : undefined)} onClose={onClose}>
      <form class="action" onSubmit={submit}>
        <div class="about matching">
          <VisibleText text={filterWords(filter)} most={400} />
          <strong aria-live="polite">{countedText(counted)}</strong>
        </div>
        {(!isWhole || count > 0) && (
          <>
            <p>{bulkConsequence(action, states)}</p>
            {(action === 'extend' || action === 'reconcile') && (
              <RetentionField
                retention={retention}
                isFirst={action === 'extend'}
                legend={action === 'extend' ? 'Keep them for' : 'Keep what is completed for'}
              />
            )}
            <ReasonField reason={reason} isFirst={action !== 'extend'} />
          </>
        )}
        <DialogEnd
          fault={fault}
          isDangerous={isBulkDangerous(action, states)}
          isDisabled={isBusy.value || !isPossible}
          onClose={onClose}
        >
          {bulkWords[action].button}
          {isPossible && action !== 'reconcile' && ` ${countText(count, 'record')}`}
        </DialogEnd>
      </form>
    </Dialog>
  );
}

function countedText({ isWhole, count, states, fault }: Counted): string {
  if (fault) return 'They could not be counted.';
  if (!isWhole) return count === 0 ? 'Counting…' : `Counting: ${countText(count, 'record')} so far`;
  if (count === 0) return 'No record matches for this: there is nothing to do.';
  return Object.keys(states).length === 1 ? countText(count, 'record') : stateCounts(states);
}
