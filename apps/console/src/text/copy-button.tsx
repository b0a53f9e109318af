import type { JSX } from 'preact';
import { announce } from '../page/announcements.tsx';
import { CopyIcon } from './icons.tsx';

/** Copies `text` as it is, whatever of it is shown. */
export function CopyButton({ text, what }: { text: string; what: string }): JSX.Element {
  const copy = async (event: Event) => {
    event.stopPropagation();
    try {
      await navigator.clipboard.writeText(text);
      announce(`Copied the ${what}.`);
    } catch {
      announce(`The browser does not let the page copy; select the ${what} instead.`);
    }
  };
  return (
    <button
      type="button"
      class="icon"
      title={`Copy the ${what}`}
      aria-label={`Copy the ${what}`}
      onClick={copy}
    >
      <CopyIcon />
    </button>
  );
}
