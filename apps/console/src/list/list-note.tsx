import type { JSX } from 'preact';
import { filter, narrow } from '../page/address.ts';
import { numberText } from '../text/words.ts';
import type { RecordList } from './record-list-state.ts';

/** What to say below the rows, or in their place. */
export function ListNote({ list }: { list: RecordList }): JSX.Element {
  const count = list.rows.value.length;
  const phase = list.phase.value;
  const fault = list.fault.value;
  if (fault) {
    return (
      <div class="note bad" role="alert">
        <p>{fault.message}</p>
        <button type="button" onClick={() => list.more()}>
          Try again
        </button>
      </div>
    );
  }
  if (phase === 'looking') {
    return (
      <p class="note">
        {count === 0 ? 'Looking for records…' : `${numberText(count)} so far; looking for more…`}
      </p>
    );
  }
  if (phase === 'resting') {
    return (
      <div class="note">
        <p>
          {count === 0
            ? 'No match among the records that were looked at so far, but there are more of them.'
            : `${numberText(count)} so far; there may be more.`}
        </p>
        <button type="button" onClick={() => list.more()}>
          Keep looking
        </button>
      </div>
    );
  }
  if (count > 0)
    return (
      <p class="note">
        {count === 1 ? 'That is the only one.' : `That is all: ${numberText(count)} records.`}
      </p>
    );
  const isNarrow = Object.keys(filter.value).length > 0;
  return (
    <div class="note empty">
      <p class="lead">{isNarrow ? 'No record matches.' : 'There are no records yet.'}</p>
      <p>
        {isNarrow
          ? 'It may have expired or been deleted, or a condition is in the way.'
          : 'The first call of a wrapped function makes one. It will show up here.'}
      </p>
      {isNarrow && (
        <button
          type="button"
          onClick={() =>
            narrow({
              state: undefined,
              operation: undefined,
              environment: undefined,
              scope: undefined,
              run: undefined,
              newer: undefined,
              older: undefined,
              text: undefined,
              idPrefix: undefined,
              workflow: undefined,
            })
          }
        >
          Show all records
        </button>
      )}
    </div>
  );
}
