/// <reference lib="es2024.string" />

const byteOrderMark = 0xfeff;

/** UTF-8 has no lone surrogates, and decoders drop a leading byte order mark. */
export function isPlainText(text: string): boolean {
  return text.isWellFormed() && text.charCodeAt(0) !== byteOrderMark;
}

/** NUL starts a tag, and msgpackr renames `__proto__`. */
export function isPlainKey(key: string): boolean {
  return key.charCodeAt(0) !== 0 && key !== '__proto__' && isPlainText(key);
}
