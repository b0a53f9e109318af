import { signal } from '@preact/signals';
import type { JSX } from 'preact';

const shown = signal<{ readonly text: string; readonly at: number } | undefined>(undefined);
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says briefly what was done, to eyes and to screen readers. */
export function announce(text: string): void {
  shown.value = { text, at: Date.now() };
  clearTimeout(timer);
  timer = setTimeout(() => {
    shown.value = undefined;
  }, 6_000);
}

export function Announcements(): JSX.Element {
  return (
    <div class="announcements" role="status">
      {shown.value && <p key={shown.value.at}>{shown.value.text}</p>}
    </div>
  );
}
