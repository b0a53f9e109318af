import { signal } from '@preact/signals';

/** A button of the overview: one of an operation, or of all of them. */
interface Stop {
  readonly operation: string | undefined;
  readonly column: string;
}

/** Where the focus was last. */
const last = signal<Stop>({ operation: undefined, column: 'all' });

/**
 * Makes a button one of many of which the Tab key meets only one: whoever goes through the page with
 * the keyboard is not held up by six buttons per operation. The arrow keys move between them.
 * `shown` are the operations that there are, the first of which is met before anybody was there.
 */
export function stopOf(
  { operation, column }: Stop,
  shown: readonly (string | undefined)[],
): { readonly tabIndex: number; readonly 'data-column': string; readonly onFocus: () => void } {
  const isThere = shown.includes(last.value.operation);
  const met = isThere ? last.value : { operation: shown[0], column: 'all' };
  return {
    tabIndex: met.operation === operation && met.column === column ? 0 : -1,
    'data-column': column,
    onFocus: () => {
      last.value = { operation, column };
    },
  };
}

/** Moves the focus: up and down within a column of numbers, sideways within an operation. */
export function moveStop(event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void {
  const from = event.target;
  if (!(from instanceof HTMLButtonElement) || event.ctrlKey || event.metaKey || event.altKey)
    return;
  const step = steps[event.key];
  if (step === undefined) return;
  const isVertical = event.key === 'ArrowDown' || event.key === 'ArrowUp';
  const selector = isVertical ? `button[data-column="${from.dataset.column}"]` : 'button';
  const buttons = [...event.currentTarget.querySelectorAll<HTMLButtonElement>(selector)];
  const to = buttons[buttons.indexOf(from) + step];
  if (!to) return;
  event.preventDefault();
  event.stopPropagation();
  to.focus();
}

const steps: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowRight: 1,
  ArrowUp: -1,
  ArrowLeft: -1,
};
