/** What an effect answers: parts of it can be changed by who gets it. */
export interface Value {
  text: string;
  tags: string[];
  bytes: Uint8Array;
}

export function valueWith(text: string): Value {
  return { text, tags: ['made'], bytes: Uint8Array.of(1, 2, 3) };
}

export function isPristine({ tags, bytes }: Value): boolean {
  return !tags.includes('spoilt') && bytes.length === 3 && bytes[0] === 1;
}

/** What careless callers do to what they got. */
export function spoil(value: Value): void {
  value.tags.push('spoilt');
  value.bytes.fill(0);
}
