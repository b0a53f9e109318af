import type { SettleRequest } from './record-requests.ts';

/** The parts of a settlement that lua/settle.lua takes. */
type Parts = Pick<SettleRequest, 'before' | 'after' | 'tail' | 'ttl'>;

const lengthBytes = 4;
const lengths = 4;

/** Settlements as one argument: a client takes each argument by itself into its hands several times, which costs more than
 * what is in them. */
export function packed(settlements: readonly Parts[]): Buffer {
  let room = 0;
  for (const { before, after, tail, ttl } of settlements) {
    const units = before.length + after.length + tail.length + String(ttl).length;
    room += lengths * lengthBytes + units + 2 * (before.length + after.length);
  }
  const bytes = Buffer.allocUnsafe(room);
  let at = 0;
  for (const { before, after, tail, ttl } of settlements) {
    const start = at + lengths * lengthBytes;
    const afterAt = start + bytes.write(before, start);
    const tailAt = afterAt + bytes.write(after, afterAt);
    const ttlAt = tailAt + tail.length;
    bytes.set(tail, tailAt);
    const end = ttlAt + bytes.write(String(ttl), ttlAt);
    bytes.writeUInt32BE(afterAt - start, at);
    bytes.writeUInt32BE(tailAt - afterAt, at + lengthBytes);
    bytes.writeUInt32BE(ttlAt - tailAt, at + 2 * lengthBytes);
    bytes.writeUInt32BE(end - ttlAt, at + 3 * lengthBytes);
    at = end;
  }
  return bytes.subarray(0, at);
}
