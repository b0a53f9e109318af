/// <reference lib="es2024.string" />

import { Buffer } from 'node:buffer';

const byteOrderMark = 0xfeff;

/** UTF-8 has no lone surrogates, and decoders drop a leading byte order mark. */
export function isPlainText(text: string): boolean {
  return text.isWellFormed() && text.charCodeAt(0) !== byteOrderMark;
}

/** NUL starts a tag, and msgpackr renames `__proto__`. */
export function isPlainKey(key: string): boolean {
  return key.charCodeAt(0) !== 0 && key !== '__proto__' && isPlainText(key);
}

/** At most `maxBytes` of UTF-8, without lone surrogates; an ellipsis marks what was cut off. */
export function clipText(text: string, maxBytes: number): string {
  // Every code unit takes a byte or more, so nothing behind this can be needed.
  const head = text.slice(0, maxBytes + 1).toWellFormed();
  if (head.length <= maxBytes && Buffer.byteLength(head) <= maxBytes) return head;
  const ellipsis = '…';
  let bytes = 0;
  let end = 0;
  for (const character of head) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes - 3) break;
    end += character.length;
  }
  return head.slice(0, end) + ellipsis;
}
