import type { JSX } from 'preact';
import { countMark, countWords } from './words.ts';

export function Count({
  count,
  isPartial,
}: {
  readonly count: number;
  readonly isPartial: boolean;
}): JSX.Element {
  return (
    <span class="count" title={countWords(count, isPartial)}>
      {countMark(count, isPartial)}
    </span>
  );
}
