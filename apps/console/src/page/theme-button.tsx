import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { MoonIcon, SunIcon } from '../text/icons.tsx';

const preference = matchMedia('(prefers-color-scheme: dark)');
const isDark = signal(current() === 'dark');
preference.addEventListener('change', () => {
  isDark.value = current() === 'dark';
});

function current(): string {
  const { theme } = document.documentElement.dataset;
  return theme ?? (preference.matches ? 'dark' : 'light');
}

/** Chooses the other theme; where that is the system's, the page follows the system again. */
export function ThemeButton(): JSX.Element {
  const other = isDark.value ? 'light' : 'dark';
  const change = () => {
    const isSystems = (other === 'dark') === preference.matches;
    if (isSystems) {
      delete document.documentElement.dataset.theme;
      localStorage.removeItem('twiceproof-theme');
    } else {
      document.documentElement.dataset.theme = other;
      localStorage.setItem('twiceproof-theme', other);
    }
    isDark.value = other === 'dark';
  };
  return (
    <button
      type="button"
      class="icon"
      title={`Use the ${other} theme`}
      aria-label={`Use the ${other} theme`}
      onClick={change}
    >
      {isDark.value ? <SunIcon /> : <MoonIcon />}
    </button>
  );
}
