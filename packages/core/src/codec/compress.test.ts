import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { isIdempotencyError } from '../errors.ts';
import {
  type CompressOptions,
  checkCompression,
  compressOutcome,
  decodeOutcome,
  decompressOutcome,
  encodeError,
  encodeValue,
  outcomeKind,
} from './index.ts';

const value = { text: 'the same again and '.repeat(500), at: new Date(5), n: -0 };
const recordId = 'prod/pay/0/abc';

function corruptionOf(bytes: Uint8Array): string {
  try {
    decodeOutcome(bytes, recordId);
  } catch (error) {
    if (!isIdempotencyError(error, 'RECORD_CORRUPT')) throw error;
    expect(error.recordId).toBe(recordId);
    return error.message;
  }
  throw new Error('it was read');
}

describe.each(['gzip', 'zstd'] as const)('%s', (algorithm) => {
  const compression = checkCompression({ algorithm });

  test('makes outcomes smaller and brings them back', () => {
    const bytes = encodeValue(value);
    const compressed = compressOutcome(bytes, compression);
    expect(compressed.length).toBeLessThan(bytes.length / 10);
    expect(decompressOutcome(compressed, recordId)).toEqual(bytes);
    expect(decodeOutcome(compressed, recordId)).toStrictEqual({ kind: 'value', value });
    expect(decodeOutcome(Buffer.from(compressed), recordId)).toStrictEqual({
      kind: 'value',
      value,
    });
  });

  test('leaves the kind readable', () => {
    const { bytes } = encodeError(new Error('failed '.repeat(500)));
    const compressed = compressOutcome(bytes, compression);
    expect(compressed).not.toBe(bytes);
    expect(outcomeKind(compressed)).toBe('error');
  });

  test('leaves alone what is below the threshold, compressed already or not smaller for it', () => {
    const bytes = encodeValue(value);
    expect(compressOutcome(bytes, { algorithm, threshold: bytes.length + 1 })).toBe(bytes);
    expect(compressOutcome(bytes, { algorithm, threshold: bytes.length })).not.toBe(bytes);
    const compressed = compressOutcome(bytes, compression);
    expect(compressOutcome(compressed, compression)).toBe(compressed);
    const small = encodeValue('abc');
    expect(compressOutcome(small, { algorithm, threshold: 0 })).toBe(small);
  });

  test('never decompresses to more than the outcome says', () => {
    const compressed = compressOutcome(encodeValue(value), compression);
    new DataView(compressed.buffer).setUint32(3, 100);
    expect(corruptionOf(compressed)).toContain('its bytes were altered');
  });

  test('refuses a claim of more than 64 MiB before it starts', () => {
    const compressed = compressOutcome(encodeValue(value), compression);
    for (const length of [0, 64 * 1024 * 1024 + 1, 2 ** 32 - 1]) {
      new DataView(compressed.buffer).setUint32(3, length);
      expect(corruptionOf(compressed)).toContain('a length that Twiceproof does not write');
    }
  });

  test('refuses a claim of more than there is', () => {
    const compressed = compressOutcome(encodeValue(value), compression);
    new DataView(compressed.buffer).setUint32(3, 1_000_000);
    expect(corruptionOf(compressed)).toContain('it decompresses to another length');
  });

  test('every change of a byte is noticed, and every truncation', () => {
    const compressed = compressOutcome(encodeValue(value), compression);
    let unnoticed = 0;
    for (let index = 2; index < compressed.length; index++) {
      expect(corruptionOf(compressed.subarray(0, index))).toContain('RECORD_CORRUPT');
      const altered = Uint8Array.from(compressed);
      altered[index]! ^= 1 << (index % 8);
      try {
        // Bytes of the gzip header, such as its time, mean nothing; the content must be the same.
        expect(decodeOutcome(altered, recordId)).toStrictEqual({ kind: 'value', value });
        unnoticed += 1;
      } catch (error) {
        if (!isIdempotencyError(error, 'RECORD_CORRUPT')) throw error;
      }
    }
    expect(unnoticed).toBeLessThanOrEqual(10);
  });
});

test('an unknown algorithm in the record is corrupt', () => {
  const compressed = compressOutcome(encodeValue(value), checkCompression({ algorithm: 'gzip' }));
  compressed[2] = 9;
  expect(corruptionOf(compressed)).toContain('its compression is unknown');
});

test('what was compressed is still checked as every outcome is', () => {
  const body = gzipSync(Uint8Array.of(0xdd, 255, 255, 255, 255));
  expect(corruptionOf(Uint8Array.of(1, 1 | 16, 1, 0, 0, 0, 5, ...body))).toContain(
    'it is truncated',
  );
});

test('a threshold of 1 KiB is the default', () => {
  expect(checkCompression({ algorithm: 'gzip' })).toEqual({ algorithm: 'gzip', threshold: 1024 });
  expect(checkCompression({ algorithm: 'gzip', threshold: 0 }).threshold).toBe(0);
});

test('the algorithm may be given alone, or left to what this Node has', () => {
  expect(checkCompression('gzip')).toEqual({ algorithm: 'gzip', threshold: 1024 });
  expect(checkCompression('zstd')).toEqual({ algorithm: 'zstd', threshold: 1024 });
  expect(checkCompression(true)).toEqual({ algorithm: 'zstd', threshold: 1024 });
  expect(checkCompression({ threshold: 5 })).toEqual({ algorithm: 'zstd', threshold: 5 });
});

test.for<[string, unknown, string]>([
  [
    'an unknown algorithm',
    { algorithm: 'brotli' },
    "compress.algorithm is 'brotli'; give 'zstd' or 'gzip'",
  ],
  ['text that is no algorithm', 'brotli', "compress is 'brotli'; give true, 'zstd', 'gzip', or {"],
  ['a number', 5, "compress is 5; give true, 'zstd', 'gzip', or { algorithm, threshold }"],
  ['null', null, 'compress was given null'],
  ['an inherited name', { algorithm: 'toString' }, "compress.algorithm is 'toString'"],
  [
    'a negative threshold',
    { algorithm: 'gzip', threshold: -1 },
    'compress.threshold is -1; give a number of bytes',
  ],
  [
    'a threshold that is text',
    { algorithm: 'gzip', threshold: '1kb' },
    "compress.threshold is '1kb'",
  ],
])('%s is refused as an option', ([, options, message]) => {
  expect(() => checkCompression(options as CompressOptions)).toThrow(`OPTIONS_INVALID: ${message}`);
});

describe('on a Node without zstd', () => {
  test('the option is refused, and a record asks for a newer Node', () => {
    const compressed = compressOutcome(encodeValue(value), checkCompression({ algorithm: 'zstd' }));
    const zlib = process.getBuiltinModule('node:zlib');
    const { zstdCompressSync } = zlib;
    try {
      Reflect.deleteProperty(zlib, 'zstdCompressSync');
      expect(() => checkCompression({ algorithm: 'zstd' })).toThrow(
        "OPTIONS_INVALID: compress.algorithm 'zstd' needs Node 22.15 or newer; give 'gzip', or update Node",
      );
      expect(checkCompression(true).algorithm).toBe('gzip');
      expect(checkCompression({ threshold: 5 })).toEqual({ algorithm: 'gzip', threshold: 5 });
      expect(corruptionOf(compressed)).toContain('zstd; read it with Node 22.15 or newer');
    } finally {
      zlib.zstdCompressSync = zstdCompressSync;
    }
  });
});
