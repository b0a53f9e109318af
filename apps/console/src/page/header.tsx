import type { JSX } from 'preact';
import { SearchField } from '../search/search-field.tsx';
import { Mark } from '../text/icons.tsx';
import { about } from './about.ts';
import { LiveButton } from './live-button.tsx';
import { ShortcutsButton } from './shortcuts.tsx';
import { ThemeButton } from './theme-button.tsx';

export function Header(): JSX.Element {
  const { store, readOnly } = about.value!;
  return (
    <header class="top">
      <h1 class="brand">
        <Mark /> Twiceproof
      </h1>
      <p class="store" title={store}>
        <code>{store}</code>
        {readOnly && <span class="tag">read-only</span>}
      </p>
      <SearchField />
      <div class="tools">
        <LiveButton />
        <ShortcutsButton />
        <ThemeButton />
      </div>
    </header>
  );
}
