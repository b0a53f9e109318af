import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';

/** Why an operator does something. */
export function ReasonField({
  reason,
  isFirst,
}: {
  reason: Signal<string>;
  isFirst: boolean;
}): JSX.Element {
  return (
    <label class="field">
      <span>Reason</span>
      <input
        type="text"
        required
        maxLength={500}
        autocomplete="off"
        autofocus={isFirst}
        value={reason}
        placeholder="For the audit log, e.g. the ticket"
        onInput={(event) => {
          reason.value = event.currentTarget.value;
        }}
      />
    </label>
  );
}
