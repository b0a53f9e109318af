import { encodeCanonical } from './canonical.ts';
import { plainText } from './canonical-plain.ts';
import type { Subject } from './refusal.ts';

/** The canonical text of a value, as {@link encodeCanonical} writes it, the fastest way there is. */
export function canonicalText(value: unknown, subject: Subject): string {
  const plain = typeof value === 'object' && value !== null ? plainText(value) : undefined;
  return plain?.text ?? encodeCanonical(value, subject);
}
