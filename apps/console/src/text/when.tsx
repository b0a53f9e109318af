import { useComputed } from '@preact/signals';
import type { JSX } from 'preact';
import { serverNow } from './server-clock.ts';
import { exactText, relativeText } from './words.ts';

/** A time as its distance from now, with the exact one on hover. */
export function When({ at }: { at: number }): JSX.Element {
  const text = useComputed(() => relativeText(at, serverNow.value));
  return (
    <time dateTime={isoOf(at)} title={exactText(at)}>
      {text}
    </time>
  );
}

function isoOf(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}
