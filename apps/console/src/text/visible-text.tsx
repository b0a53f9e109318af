import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { numberText } from './words.ts';

// Control characters, and characters that change the direction of what follows or cannot be seen.
const unseen =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu;
const names: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Text of unknown origin on one line: nothing in it takes effect, everything in it can be seen. */
export function VisibleText({ text, most = 300 }: { text: string; most?: number }): JSX.Element {
  const shown = text.length > most ? `${cutAt(text, most)}…` : text;
  return <bdi>{marked(shown, false)}</bdi>;
}

/** The same for text of several lines; a long one is shown when asked for. */
export function VisibleBlock({ text, most = 4_000 }: { text: string; most?: number }): JSX.Element {
  const [isWhole, setWhole] = useState(false);
  const isLong = text.length > most * 1.2;
  return (
    <>
      <pre class="block" dir="ltr">
        {marked(isLong && !isWhole ? `${cutAt(text, most)}…` : text, true)}
      </pre>
      {isLong && !isWhole && (
        <button type="button" class="quiet" onClick={() => setWhole(true)}>
          Show all {numberText(text.length)} characters
        </button>
      )}
    </>
  );
}

function cutAt(text: string, length: number): string {
  // Not between the two halves of a character.
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}

function marked(text: string, keepsLines: boolean): ComponentChildren {
  const parts: ComponentChildren[] = [];
  let from = 0;
  for (const { 0: character, index } of text.matchAll(unseen)) {
    if (keepsLines && (character === '\n' || character === '\t')) continue;
    if (index > from) parts.push(text.slice(from, index));
    parts.push(<Unseen character={character} />);
    from = index + character.length;
  }
  if (parts.length === 0) return text;
  parts.push(text.slice(from));
  return parts;
}

function Unseen({ character }: { character: string }): JSX.Element {
  const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  return (
    <span class="unseen" title={`U+${code}, a character that cannot be seen`}>
      {names[character] ?? `U+${code}`}
    </span>
  );
}
