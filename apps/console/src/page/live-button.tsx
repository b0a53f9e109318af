import type { JSX } from 'preact';
import { isLive, isOffline } from '../connection/live.ts';

/** Says whether the page follows what happens, and lets the reader stop it. */
export function LiveButton(): JSX.Element {
  const state = !isLive.value ? 'paused' : isOffline.value ? 'offline' : 'on';
  const words = { on: 'Live', paused: 'Paused', offline: 'No answer' }[state];
  const title = {
    on: 'The page follows what happens. Click to pause it.',
    paused: 'The page stands still. Click to follow what happens.',
    offline: 'The console does not answer; the page goes on trying. Click to pause it.',
  }[state];
  return (
    <button
      type="button"
      class={`live ${state}`}
      title={title}
      aria-pressed={isLive.value}
      onClick={() => {
        isLive.value = !isLive.value;
      }}
    >
      <span class="dot" />
      {words}
    </button>
  );
}
