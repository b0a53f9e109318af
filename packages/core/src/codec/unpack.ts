import { Buffer } from 'node:buffer';

/** Texts up to here are read by hand where they are ASCII: asking Node takes longer. */
const shortText = 24;

/**
 * The value that starts at `at`. The bytes must have been scanned: nothing is checked again. Nothing in it is
 * shared with the bytes.
 */
export function unpack(bytes: Uint8Array, at: number): unknown {
  return new Unpacker(bytes, at).value();
}

class Unpacker {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  value(): unknown {
    const token = this.#bytes[this.#at++]!;
    if (token < 0x80) return token;
    if (token < 0x90) return this.#map(token & 0x0f);
    if (token < 0xa0) return this.#array(token & 0x0f);
    if (token < 0xc0) return this.#text(token & 0x1f);
    if (token >= 0xe0) return token - 0x100;
    switch (token) {
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
        return this.#binary(this.#number(1));
      case 0xc5:
        return this.#binary(this.#number(2));
      case 0xc6:
        return this.#binary(this.#number(4));
      case 0xcb:
        return this.#double();
      case 0xcc:
        return this.#number(1);
      case 0xcd:
        return this.#number(2);
      case 0xce:
        return this.#number(4);
      case 0xd0:
        return (this.#number(1) << 24) >> 24;
      case 0xd1:
        return (this.#number(2) << 16) >> 16;
      case 0xd2:
        return this.#number(4) | 0;
      case 0xd9:
        return this.#text(this.#number(1));
      case 0xda:
        return this.#text(this.#number(2));
      case 0xdb:
        return this.#text(this.#number(4));
      case 0xdc:
        return this.#array(this.#number(2));
      case 0xdd:
        return this.#array(this.#number(4));
      case 0xde:
        return this.#map(this.#number(2));
      case 0xdf:
        return this.#map(this.#number(4));
      default:
        return null;
    }
  }

  #number(bytes: number): number {
    let number = 0;
    for (let byte = 0; byte < bytes; byte++) number = number * 256 + this.#bytes[this.#at++]!;
    return number;
  }

  #double(): number {
    for (let byte = 0; byte < 8; byte++) double.setUint8(byte, this.#bytes[this.#at++]!);
    return double.getFloat64(0);
  }

  #binary(length: number): Uint8Array {
    const copy = new Uint8Array(length);
    copy.set(this.#bytes.subarray(this.#at, this.#at + length));
    this.#at += length;
    return copy;
  }

  #array(length: number): unknown[] {
    const list: unknown[] = [];
    for (let index = 0; index < length; index++) list.push(this.value());
    return list;
  }

  #map(length: number): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    for (let entry = 0; entry < length; entry++) {
      const key = this.#key();
      object[key] = this.value();
    }
    return object;
  }

  #key(): string {
    const token = this.#bytes[this.#at]!;
    if (token >= 0xc0) return this.value() as string;
    const length = token & 0x1f;
    const start = this.#at + 1;
    const key = keyAt(this.#bytes, start, length);
    if (key === undefined) return this.value() as string;
    this.#at = start + length;
    return key;
  }

  #text(length: number): string {
    const start = this.#at;
    this.#at += length;
    const short = length <= shortText ? shortAscii(this.#bytes, start, length) : undefined;
    if (short !== undefined) return short;
    const { buffer, byteOffset } = this.#bytes;
    return Buffer.from(buffer as ArrayBuffer, byteOffset + start, length).toString();
  }
}

const double = new DataView(new ArrayBuffer(8));

/** Keys that were read before. Most results have the same ones, and a text that is a name already is looked up sooner. */
const known: string[] = Array.from({ length: 256 }, () => '');

/** A key of ASCII; undefined for another. */
function keyAt(bytes: Uint8Array, start: number, length: number): string | undefined {
  const slot = (bytes[start]! + 3 * bytes[start + length - 1]! + 7 * length) & 0xff;
  const key = known[slot]!;
  if (key.length === length && isAt(key, bytes, start)) return key;
  const read = shortAscii(bytes, start, length);
  if (read !== undefined) known[slot] = read;
  return read;
}

function isAt(text: string, bytes: Uint8Array, start: number): boolean {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) !== bytes[start + index]) return false;
  }
  return true;
}

function shortAscii(bytes: Uint8Array, start: number, length: number): string | undefined {
  const end = start + length;
  for (let at = start; at < end; at++) if (bytes[at]! > 0x7f) return undefined;
  let at = start;
  let text = '';
  for (; at + 4 <= end; at += 4) {
    text += String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!);
  }
  for (; at < end; at++) text += String.fromCharCode(bytes[at]!);
  return text;
}
