import { nodeCrypto } from '../node-crypto.ts';

const tokenBytes = 16;
const pooledTokens = 256;

let pool: Buffer | undefined;
let used = 0;

/**
 * A new unguessable token, as 22 characters. Its bytes are drawn many at a time, and its text is flat:
 * a UUID of Node's is a chain of 15 parts, all of which a record would keep.
 */
export function newToken(): string {
  if (pool === undefined || used === pool.length) {
    pool ??= Buffer.allocUnsafeSlow(tokenBytes * pooledTokens);
    nodeCrypto().randomFillSync(pool);
    used = 0;
  }
  const from = used;
  used += tokenBytes;
  return pool.toString('base64url', from, used);
}
