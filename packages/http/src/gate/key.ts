import { parseItem } from 'structured-headers';

/** What the key header of a request says. */
export type KeyHeader =
  | {
      readonly key: string;
      /** As it was received, to be echoed. */
      readonly received: string;
    }
  | 'missing'
  | 'invalid';

const visible = /^[!-~]{1,255}$/;
// Every character may be escaped, and parameters may follow; whatever is longer holds no key.
const longestReceived = 1_024;

/**
 * The key in the header's values: a structured string as the draft has it (its parameters say nothing
 * here), or, leniently, the bare text. `"abc"` and `abc` are one key.
 */
export function readKey(values: readonly string[]): KeyHeader {
  if (values.length === 0) return 'missing';
  const received = values[0]!.trim();
  if (values.length > 1 || received.length > longestReceived) return 'invalid';
  const key = received.startsWith('"') ? structuredString(received) : received;
  return key !== undefined && visible.test(key) ? { key, received } : 'invalid';
}

function structuredString(text: string): string | undefined {
  try {
    const [value] = parseItem(text);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
