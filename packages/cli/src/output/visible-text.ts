const names: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

// Control characters move the cursor or worse; the others change the direction of what follows.
const invisible =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu;

/** Text of unknown origin as it may go to a terminal, on one line. */
export function visibleText(text: string): string {
  return text.replace(invisible, (character) => names[character] ?? escaped(character));
}

/** The same for text whose line breaks mean nothing. */
export function oneLine(text: string): string {
  return visibleText(text.trim().replaceAll(/\s*\n\s*/g, ' '));
}

/** The same for text that is laid out already: its lines stay. */
export function visibleLayout(text: string): string {
  return text.replace(invisible, (character) =>
    character === '\n' ? character : escaped(character),
  );
}

/** JSON that holds none of these characters as they are; what it means stays the same. */
export function visibleJson(json: string): string {
  return visibleLayout(json);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
