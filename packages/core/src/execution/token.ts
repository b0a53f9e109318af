import { nodeCrypto } from '../node-crypto.ts';

const tokenLength = 22;
const pooledTokens = 256;
const alphabet = /* @__PURE__ */ Buffer.from(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
);

let pool: Buffer | undefined;
let used = 0;

/**
 * A new unguessable token: 128 random bits as base64url has them, 22 characters of which the last one has two bits.
 * Its bytes are drawn many at a time, one for a character, which makes the text without a call out of JavaScript. It
 * is flat: a UUID of Node's is a chain of 15 parts, all of which a record would keep.
 */
export function newToken(): string {
  if (pool === undefined || used === pool.length) {
    pool ??= Buffer.allocUnsafeSlow(tokenLength * pooledTokens);
    nodeCrypto().randomFillSync(pool);
    used = 0;
  }
  const bytes = pool;
  const from = used;
  used += tokenLength;
  const at = (place: number, bits = 0x3f): number => alphabet[bytes[from + place]! & bits]!;
  // biome-ignore format: one line of them is easier to look over
  return String.fromCharCode(
    at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), at(8), at(9), at(10),
    at(11), at(12), at(13), at(14), at(15), at(16), at(17), at(18), at(19), at(20), at(21, 0x30),
  );
}
