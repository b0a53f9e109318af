const printableAscii = /^[ -~]*$/;

const shortEscapes: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** `text` with a visible escape in place of every character that would not show as itself. */
export function escapeUnseen(text: string): string {
  if (printableAscii.test(text)) return text;
  // Control characters, lone surrogates, and what breaks a line or turns its direction: shown as they
  // are, they would let a payload rewrite the line around it. Here, for Node to read it only if there are any.
  return text.replace(
    /[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    (character) =>
      shortEscapes[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
