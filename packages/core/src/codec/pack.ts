import { Buffer } from 'node:buffer';
import { isPlainObject } from '../values/object-kind.ts';
import { Malformed } from './corrupt.ts';

const slabBytes = 8 * 1024;
const largestSharedSlab = 64 * 1024;

/** Texts up to here are written by hand where they are ASCII: asking Node takes longer. */
const shortText = 40;

/**
 * The two bytes of an outcome's header, then its body as msgpack: plain data, with binaries as Uint8Array. Small
 * outcomes share a slab; a large one would be kept alive by the smallest in it, so it has its own. Throws
 * {@link Malformed} for anything else.
 */
export function packOutcome(format: number, head: number, body: unknown): Uint8Array {
  const packer = take();
  try {
    packer.byte(format);
    packer.byte(head);
    packer.value(body);
    return packer.cut();
  } finally {
    giveBack(packer);
  }
}

/** How many bytes the value takes as msgpack. */
export function packedLength(value: unknown): number {
  const packer = take();
  try {
    packer.value(value);
    return packer.length;
  } finally {
    giveBack(packer);
  }
}

let idle: Packer | undefined;

/** A getter that is read while its object is written may have something of its own to write. */
function take(): Packer {
  const packer = idle ?? new Packer();
  idle = undefined;
  return packer;
}

function giveBack(packer: Packer): void {
  packer.drop();
  idle = packer;
}

class Packer {
  #slab = Buffer.allocUnsafeSlow(slabBytes);
  #at = 0;
  /** Where what is being written starts; what is before it was handed out. */
  #start = 0;

  get length(): number {
    return this.#at - this.#start;
  }

  /** Hands out what was written. */
  cut(): Uint8Array {
    const slab = this.#slab;
    if (slab.length <= largestSharedSlab) {
      const bytes = new Uint8Array(slab.buffer, slab.byteOffset + this.#start, this.length);
      this.#start = this.#at;
      return bytes;
    }
    const bytes = new Uint8Array(slab.subarray(this.#start, this.#at));
    this.drop();
    return bytes;
  }

  /** Forgets what was written and not handed out. */
  drop(): void {
    this.#at = this.#start;
    if (this.#slab.length <= largestSharedSlab) return;
    this.#slab = Buffer.allocUnsafeSlow(slabBytes);
    this.#start = 0;
    this.#at = 0;
  }

  #makeRoom(bytes: number): void {
    if (this.#at + bytes <= this.#slab.length) return;
    const written = this.#slab.subarray(this.#start, this.#at);
    const size = written.length + bytes;
    const ahead = size <= largestSharedSlab / 4 ? 4 * size : 2 * size;
    this.#slab = Buffer.allocUnsafeSlow(Math.max(ahead, slabBytes));
    this.#slab.set(written);
    this.#start = 0;
    this.#at = written.length;
  }

  byte(byte: number): void {
    this.#makeRoom(1);
    this.#slab[this.#at++] = byte;
  }

  /** A token, and what follows it in so many bytes. */
  #token(token: number, number: number, bytes: number): void {
    this.#makeRoom(1 + bytes);
    this.#slab[this.#at++] = token;
    for (let shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      this.#slab[this.#at++] = number >>> shift;
    }
  }

  value(value: unknown): void {
    if (typeof value === 'string') this.#text(value);
    else if (typeof value === 'number') this.#number(value);
    else if (value === null) this.byte(0xc0);
    else if (typeof value === 'boolean') this.byte(value ? 0xc3 : 0xc2);
    else if (typeof value !== 'object') throw unknownType();
    else if (Array.isArray(value)) this.#array(value);
    else if (value instanceof Uint8Array) this.#binary(value);
    else this.#map(value);
  }

  #number(number: number): void {
    if (number >>> 0 === number) {
      if (number < 0x80) this.byte(number);
      else if (number < 0x100) this.#token(0xcc, number, 1);
      else if (number < 0x10000) this.#token(0xcd, number, 2);
      else this.#token(0xce, number, 4);
    } else if (number >> 0 === number) {
      if (number >= -0x20) this.byte(number & 0xff);
      else if (number >= -0x80) this.#token(0xd0, number, 1);
      else if (number >= -0x8000) this.#token(0xd1, number, 2);
      else this.#token(0xd2, number, 4);
    } else {
      this.#makeRoom(9);
      this.#slab[this.#at++] = 0xcb;
      this.#at = this.#slab.writeDoubleBE(number, this.#at);
    }
  }

  #text(text: string): void {
    const { length } = text;
    if (length <= shortText && this.#shortAscii(text, length)) return;
    const bytes = Buffer.byteLength(text);
    this.#textLength(bytes);
    this.#makeRoom(bytes);
    // Latin-1 of ASCII is ASCII, and copied as it is.
    this.#at += this.#slab.write(text, this.#at, bytes, bytes === length ? 'latin1' : 'utf8');
  }

  #textLength(length: number): void {
    if (length < 0x20) this.byte(0xa0 | length);
    else if (length < 0x100) this.#token(0xd9, length, 1);
    else if (length < 0x10000) this.#token(0xda, length, 2);
    else this.#token(0xdb, length, 4);
  }

  #shortAscii(text: string, length: number): boolean {
    this.#makeRoom(2 + length);
    const slab = this.#slab;
    let at = this.#at;
    if (length < 0x20) slab[at++] = 0xa0 | length;
    else {
      slab[at++] = 0xd9;
      slab[at++] = length;
    }
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) return false;
      slab[at++] = code;
    }
    this.#at = at;
    return true;
  }

  #binary(bytes: Uint8Array): void {
    const { length } = bytes;
    if (length < 0x100) this.#token(0xc4, length, 1);
    else if (length < 0x10000) this.#token(0xc5, length, 2);
    else this.#token(0xc6, length, 4);
    this.#makeRoom(length);
    this.#slab.set(bytes, this.#at);
    this.#at += length;
  }

  #array(list: readonly unknown[]): void {
    const { length } = list;
    if (length < 0x10) this.byte(0x90 | length);
    else if (length < 0x10000) this.#token(0xdc, length, 2);
    else this.#token(0xdd, length, 4);
    for (let index = 0; index < length; index++) this.value(list[index]);
  }

  #map(object: object): void {
    if (!isPlainObject(object)) throw unknownType();
    const keys = Object.keys(object);
    const { length } = keys;
    if (length < 0x10) this.byte(0x80 | length);
    else if (length < 0x10000) this.#token(0xde, length, 2);
    else this.#token(0xdf, length, 4);
    for (let index = 0; index < length; index++) {
      const key = keys[index]!;
      this.#text(key);
      this.value((object as Record<string, unknown>)[key]);
    }
  }
}

function unknownType(): Malformed {
  return new Malformed('it holds a msgpack type that Twiceproof does not write');
}
