import { Malformed } from './corrupt.ts';
import { MAX_MSGPACK_DEPTH } from './limits.ts';

/**
 * Which tokens are read: nil, booleans, integers up to 32 bits, doubles, strings, binaries, arrays
 * and maps with string keys. Extensions, 64-bit integers and single floats are never written, so
 * they are refused. For scalars the table holds how many bytes follow the token.
 */
const string = 0x10;
const binary = 0x20;
const array = 0x30;
const map = 0x40;
const refused = 0xff;

const tokens = /* @__PURE__ */ (() => {
  const tokens = new Uint8Array(256).fill(refused);
  tokens.fill(0, 0x00, 0x80); // positive fixint
  tokens.fill(map, 0x80, 0x90); // the low nibble of a container or text is how many bytes its length takes
  tokens.fill(array, 0x90, 0xa0);
  tokens.fill(string, 0xa0, 0xc0);
  tokens.fill(0, 0xe0); // negative fixint
  for (const [token, kind] of [
    [0xc0, 0],
    [0xc2, 0],
    [0xc3, 0],
    [0xc4, binary | 1],
    [0xc5, binary | 2],
    [0xc6, binary | 4],
    [0xcb, 8],
    [0xcc, 1],
    [0xcd, 2],
    [0xce, 4],
    [0xd0, 1],
    [0xd1, 2],
    [0xd2, 4],
    [0xd9, string | 1],
    [0xda, string | 2],
    [0xdb, string | 4],
    [0xdc, array | 2],
    [0xdd, array | 4],
    [0xde, map | 2],
    [0xdf, map | 4],
  ] as const) {
    tokens[token] = kind;
  }
  return tokens;
})();

/** What is still to come in each open container: elements, or minus keys and values of a map. */
const open = new Int32Array(MAX_MSGPACK_DEPTH + 1);

/**
 * Checks, before msgpackr sees them, that the bytes from `start` are exactly one value of the kind
 * that Twiceproof writes: bounded in depth, complete, with nothing behind it. Allocates nothing.
 * Answers the sum over all binaries of their bytes plus one. Throws {@link Malformed}.
 */
export function scan(bytes: Uint8Array, start: number): number {
  const end = bytes.length;
  let position = start;
  let depth = 0;
  let pending = 1;
  let binaries = 0;
  for (;;) {
    while (pending === 0) {
      if (depth === 0) {
        if (position !== end) throw new Malformed('there are bytes behind its end');
        return binaries;
      }
      pending = open[--depth]!;
    }
    if (position >= end) throw truncated();
    const token = bytes[position++]!;
    const kind = tokens[token]!;
    let isKey = false;
    if (pending > 0) pending--;
    else {
      isKey = (pending & 1) === 0;
      pending++;
    }
    if (kind < string) {
      if (isKey) throw keyExpected();
      position += kind;
      if (position > end) throw truncated();
      continue;
    }
    if (kind === refused)
      throw new Malformed('it holds a msgpack type that Twiceproof does not write');

    let length: number;
    if (token < 0xc0) length = kind === string ? token & 0x1f : token & 0x0f;
    else {
      const lengthBytes = kind & 0x0f;
      if (position + lengthBytes > end) throw truncated();
      length = 0;
      for (let byte = 0; byte < lengthBytes; byte++) length = length * 256 + bytes[position++]!;
    }
    // Every element takes at least one byte, so this also bounds what a container may claim.
    if (length > end - position) throw truncated();

    if (kind < binary) {
      if (isKey && length === 9 && isProto(bytes, position)) {
        throw new Malformed('it holds a __proto__ key');
      }
      position += length;
    } else if (isKey) {
      throw keyExpected();
    } else if (kind < array) {
      binaries += length + 1;
      position += length;
    } else {
      if (depth >= MAX_MSGPACK_DEPTH) throw new Malformed('it is nested too deep');
      open[depth++] = pending;
      pending = kind < map ? length : -2 * length;
    }
  }
}

function isProto(bytes: Uint8Array, position: number): boolean {
  const name = '__proto__';
  for (let index = 0; index < name.length; index++) {
    if (bytes[position + index] !== name.charCodeAt(index)) return false;
  }
  return true;
}

function truncated(): Malformed {
  return new Malformed('it is truncated');
}

function keyExpected(): Malformed {
  return new Malformed('it has a key that is no string');
}
