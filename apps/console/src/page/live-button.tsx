import type { JSX } from 'preact';
import { isLive, type Trouble, trouble } from '../connection/live.ts';

/** Says whether the page follows what happens, and lets the reader stop it. */
export function LiveButton(): JSX.Element {
  const { kind, words, title } = isLive.value ? standing(trouble.value) : paused;
  return (
    <button
      type="button"
      class={`live ${kind}`}
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

const paused = {
  kind: 'paused',
  words: 'Paused',
  title: 'The page stands still. Click to follow what happens.',
};

function standing(what: Trouble | undefined): typeof paused {
  if (what === undefined) {
    return {
      kind: 'on',
      words: 'Live',
      title: 'The page follows what happens. Click to pause it.',
    };
  }
  const why = what === 'late' ? 'The store has not answered for seconds.' : what.message;
  return {
    kind: 'offline',
    words: 'No answer',
    title: `${why} What you see may be old; the page goes on trying. Click to pause it.`,
  };
}
