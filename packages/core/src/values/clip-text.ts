const ellipsis = '…';
const ellipsisBytes = 3;

/** `text`, or as many whole characters of it as fit `maxBytes` of UTF-8 together with `…`; empty if
 * not even that fits. Lone surrogates, which UTF-8 has not, become U+FFFD. */
export function clipText(text: string, maxBytes: number): string {
  // Every code unit takes a byte or more, so nothing behind this can be needed.
  const head = text.slice(0, maxBytes + 1).toWellFormed();
  if (head.length * 3 <= maxBytes || Buffer.byteLength(head) <= maxBytes) return head;
  const room = maxBytes - ellipsisBytes;
  if (room < 0) return '';
  return head.slice(0, new TextEncoder().encodeInto(head, new Uint8Array(room)).read) + ellipsis;
}
