import { Refusal } from '../values/refusal.ts';
import { refuseOwnProperties } from './own-properties.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes them
const needsCare = /["\\\u0000-\u001f\ud800-\udfff]/;

/** A JSON string literal. Nearly all text needs no escape, and finding that out is the cheap part. */
export function quote(text: string): string {
  if (!needsCare.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) {
    throw new Refusal('text with a lone surrogate', 'give well-formed Unicode text');
  }
  return JSON.stringify(text);
}

export function dateText(date: Date): string {
  refuseOwnProperties(date, 'a Date');
  if (Number.isNaN(Date.prototype.getTime.call(date))) {
    throw new Refusal('an invalid Date', 'give a valid one');
  }
  return `@date(${Date.prototype.toISOString.call(date)})`;
}

export function bytesText(bytes: Uint8Array): string {
  if ((bytes.buffer as ArrayBuffer).detached) {
    throw new Refusal('a Uint8Array whose buffer was transferred', 'give it before the transfer');
  }
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return `@bytes(${view.toString('base64')})`;
}
