import { useSignal } from '@preact/signals';
import type { IdempotencyRecord } from '@twiceproof/core';
import type { JSX } from 'preact';
import { type Fault, faultOf } from '../connection/fault.ts';
import { act } from '../connection/request.ts';
import { Dialog } from '../dialog/dialog.tsx';
import { DialogEnd } from '../dialog/dialog-end.tsx';
import { hurryOverview } from '../overview/overview-state.ts';
import { announce } from '../page/announcements.tsx';
import { RecordId } from '../text/record-id.tsx';
import { isWorkflow } from '../text/record-state.ts';
import { StateBadge } from '../text/state-badge.tsx';
import { VisibleText } from '../text/visible-text.tsx';
import type { ChangeAction, ChangedRecord, ChangeRequest, RecordState } from '../wire.ts';
import { actionWords } from './action-words.ts';
import { change, hurryRecord, show } from './open-record.ts';
import { ReasonField } from './reason-field.tsx';
import { RetentionField } from './retention-field.tsx';
import { jsonProblem, ValueField } from './value-field.tsx';

/** Asks for a reason, and does it to the version of the record that was looked at. */
export function ActionDialog({
  action,
  record,
  state,
  onClose,
}: {
  action: ChangeAction;
  record: IdempotencyRecord;
  state: RecordState;
  onClose: () => void;
}): JSX.Element {
  const steps = useSignal(false);
  const words = actionWords(action, record, state, steps.value);
  const reason = useSignal('');
  const value = useSignal('');
  const retention = useSignal<string | false>(action === 'extend' ? '7d' : false);
  const isBusy = useSignal(false);
  const fault = useSignal<Fault | undefined>(undefined);
  const { id, version } = record;

  const submit = async (event: Event) => {
    event.preventDefault();
    if (isBusy.value || (action === 'complete' && jsonProblem(value.value) !== undefined)) return;
    isBusy.value = true;
    fault.value = undefined;
    const request: ChangeRequest = {
      id,
      version,
      reason: reason.value,
      ...(action === 'complete' && { value: value.value }),
      ...((action === 'complete' || action === 'extend') && { retention: retention.value }),
      ...(steps.value && { steps: true }),
    };
    try {
      const { record: changed } = await act<ChangedRecord>(action, request);
      if (changed) show(changed);
      else change(id, { isGone: true, conflict: undefined });
      change(id, { conflict: undefined });
      announce(words.done);
      onClose();
    } catch (error) {
      const refused = faultOf(error);
      isBusy.value = false;
      if (refused.code !== 'CHANGED' && refused.code !== 'GONE' && refused.code !== 'EXECUTING') {
        fault.value = refused;
        return;
      }
      // Somebody was faster. What is confirmed here is no longer so: look at the record first.
      if (refused.record) show(refused.record);
      if (refused.code === 'GONE') change(id, { isGone: true });
      change(id, { conflict: refused.message });
      onClose();
    } finally {
      hurryRecord();
      hurryOverview();
    }
  };

  return (
    <Dialog title={words.title} onClose={onClose}>
      <form class="action" onSubmit={submit}>
        <div class="about">
          <StateBadge state={state} record={record} />
          <strong>
            <VisibleText text={record.operation} most={80} />
          </strong>
          {record.keyPreview !== undefined && (
            <span class="key">
              <VisibleText text={record.keyPreview} most={120} />
            </span>
          )}
          <RecordId id={id} />
        </div>
        <p>{words.consequence}</p>
        {action === 'complete' && <ValueField value={value} />}
        {isWorkflow(record) && action !== 'extend' && (
          <label class="check">
            <input
              type="checkbox"
              checked={steps}
              onChange={(event) => {
                steps.value = event.currentTarget.checked;
              }}
            />
            Its steps, too
          </label>
        )}
        {(action === 'complete' || action === 'extend') && (
          <RetentionField retention={retention} isFirst={action === 'extend'} />
        )}
        {/* A value comes first where one is needed. */}
        <ReasonField reason={reason} isFirst={action !== 'complete' && action !== 'extend'} />
        <DialogEnd
          fault={fault.value}
          isDangerous={words.isDangerous}
          isDisabled={isBusy.value}
          onClose={onClose}
        >
          {isBusy.value ? 'Doing it…' : words.button}
        </DialogEnd>
      </form>
    </Dialog>
  );
}
