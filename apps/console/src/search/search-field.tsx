import { useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { filter, narrow, openRecord } from '../page/address.ts';
import { CloseIcon, SearchIcon } from '../text/icons.tsx';
import { searchedText, searchIntent } from './search-intent.ts';

/** Business key or record id; Enter searches. */
export function SearchField(): JSX.Element {
  const typed = useSignal('');
  useSignalEffect(() => {
    typed.value = searchedText(filter.value);
  });
  const search = (event: Event) => {
    event.preventDefault();
    const text = typed.value.trim();
    const intent = searchIntent(text);
    if (intent === 'record') openRecord(text);
    else if (intent === 'ids') narrow({ idPrefix: text, text: undefined });
    else narrow({ text, idPrefix: undefined });
  };
  const clear = () => {
    typed.value = '';
    narrow({ text: undefined, idPrefix: undefined });
  };
  return (
    <search>
      <form onSubmit={search}>
        <SearchIcon />
        <input
          id="search"
          type="text"
          autocomplete="off"
          spellcheck={false}
          placeholder="Search by key or record id"
          aria-label="Search by key or record id"
          value={typed}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.stopPropagation();
            if (typed.value === '') event.currentTarget.blur();
            else clear();
          }}
        />
        {typed.value === '' ? (
          <kbd>/</kbd>
        ) : (
          <button
            type="button"
            class="icon"
            title="Clear the search"
            aria-label="Clear the search"
            onClick={clear}
          >
            <CloseIcon />
          </button>
        )}
      </form>
    </search>
  );
}
