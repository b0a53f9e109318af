import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { Dialog } from '../dialog/dialog.tsx';

const isShown = signal(false);

export function showShortcuts(): void {
  isShown.value = true;
}

const shortcuts: readonly (readonly [string[], string])[] = [
  [['/'], 'search by key or record id'],
  [['j', 'k'], 'next and previous record; so do the arrow keys'],
  [['Enter'], 'open the record'],
  [['Esc'], 'close the record, or what is on top of it'],
  [['['], 'first record of the list'],
  [['r'], 'ask again now'],
  [['p'], 'pause, or follow what happens'],
  [['?'], 'this list'],
];

export function ShortcutsButton(): JSX.Element {
  return (
    <>
      <button
        type="button"
        class="icon"
        title="Keys of the keyboard"
        aria-label="Keys of the keyboard"
        onClick={showShortcuts}
      >
        <kbd>?</kbd>
      </button>
      {isShown.value && (
        <Dialog
          title="Keys"
          onClose={() => {
            isShown.value = false;
          }}
        >
          <dl class="shortcuts">
            {shortcuts.map(([keys, meaning]) => (
              <div key={meaning}>
                <dt>
                  {keys.map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
        </Dialog>
      )}
    </>
  );
}
