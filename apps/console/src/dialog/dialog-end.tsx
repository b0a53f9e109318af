import type { ComponentChildren, JSX } from 'preact';
import type { Fault } from '../connection/fault.ts';
import { about } from '../page/about.ts';

/** The end of a form that changes records: what went wrong, who does it, and the two ways out. */
export function DialogEnd({
  fault,
  isDangerous,
  isDisabled,
  onClose,
  children,
}: {
  fault: Fault | undefined;
  isDangerous: boolean;
  isDisabled: boolean;
  onClose: () => void;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <>
      {fault && (
        <p class="notice bad" role="alert">
          {fault.message}
        </p>
      )}
      <footer>
        <span class="hint">as {about.value?.by}</span>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
        <button
          type="submit"
          class={isDangerous ? 'danger strong' : 'strong'}
          disabled={isDisabled}
        >
          {children}
        </button>
      </footer>
    </>
  );
}
