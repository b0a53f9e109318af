/**
 * Postgres array literals. Both drivers pass a string on as it is, while their own array encoders
 * differ (PGlite turns each byte of a `bytea` into a string of its own).
 */

/**
 * `{"a",NULL,"b"}`. Postgres text cannot hold U+0000; it is kept as U+FFFD. What is missing at the end is
 * left out: `unnest` fills up the shorter of its arrays with NULL.
 */
export function textArray(values: readonly (string | undefined)[]): string {
  const length = values.findLastIndex((value) => value !== undefined) + 1;
  let literal = '{';
  for (let at = 0; at < length; at += 1) {
    if (at > 0) literal += ',';
    const value = values[at];
    literal += value === undefined ? 'NULL' : `"${escaped(storable(value))}"`;
  }
  return `${literal}}`;
}

/** `{1,2,NULL}` */
export function numberArray(values: readonly (number | null)[]): string {
  let literal = '{';
  for (let at = 0; at < values.length; at += 1) {
    if (at > 0) literal += ',';
    literal += values[at] ?? 'NULL';
  }
  return `${literal}}`;
}

/** Whole milliseconds: never less than was asked for. */
export function wholeMs(ms: number): number;
export function wholeMs(ms: number | null): number | null;
export function wholeMs(ms: number | null): number | null {
  return ms === null ? null : Math.ceil(ms);
}

/** Bytes as hexadecimal text, for `decode(…, 'hex')`. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/** The text as Postgres can hold it; conditions must be given the same. */
export function storable(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
}

function escaped(text: string): string {
  return text.includes('"') || text.includes('\\') ? text.replace(/["\\]/g, '\\$&') : text;
}
