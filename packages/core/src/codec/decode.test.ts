import { Packr } from 'msgpackr/pack';
import { describe, expect, test } from 'vitest';
import { isIdempotencyError } from '../errors.ts';
import { decodeOutcome, encodeError, encodeOmitted, encodeValue, outcomeKind } from './index.ts';

const header = [1, 1];
const taggedHeader = [1, 1 | 8];

function corruptionOf(bytes: Uint8Array | number[]): string {
  try {
    decodeOutcome(Uint8Array.from(bytes), 'prod/pay/0/abc');
  } catch (error) {
    if (!isIdempotencyError(error, 'RECORD_CORRUPT')) throw error;
    expect(error.recordId).toBe('prod/pay/0/abc');
    return error.message;
  }
  throw new Error('it was read');
}

function packed(value: unknown): number[] {
  return [...new Packr({ useRecords: false, variableMapSize: true }).pack(value)];
}

test('an omitted result comes back with its reason', () => {
  for (const reason of ['too_large', 'unserializable'] as const) {
    const bytes = encodeOmitted(reason);
    expect(decodeOutcome(bytes, 'id')).toEqual({ kind: 'omitted', reason });
    expect(outcomeKind(bytes)).toBe('omitted');
  }
});

test('the kind is read from the header alone', () => {
  expect(outcomeKind(encodeValue(1).subarray(0, 2))).toBe('value');
  expect(outcomeKind(encodeError(new Error('x')).bytes.subarray(0, 2))).toBe('error');
  expect(outcomeKind(encodeError('thrown text').bytes.subarray(0, 2))).toBe('error');
  expect(() => outcomeKind(new Uint8Array())).toThrow(/^RECORD_CORRUPT: .*shorter than its header/);
  expect(() => outcomeKind(new Uint8Array([2, 1]))).toThrow(/^RECORD_CORRUPT: .*newer version/);
});

describe('bytes that cannot be read say why', () => {
  test('a newer format asks for an upgrade', () => {
    expect(corruptionOf([2, 1, 0xc0])).toBe(
      'RECORD_CORRUPT: the recorded outcome cannot be read: it was written by a newer version of Twiceproof (format 2, this one reads up to 1); upgrade @twiceproof/core',
    );
  });

  test.for<[string, number[], string]>([
    ['nothing', [], 'it is shorter than its header'],
    ['half a header', [1], 'it is shorter than its header'],
    ['format zero', [0, 1, 0xc0], 'its header is not one that Twiceproof writes'],
    ['kind zero', [1, 0, 0xc0], 'its header is not one that Twiceproof writes'],
    ['an unknown kind', [1, 7, 0xc0], 'its header is not one that Twiceproof writes'],
    ['an unknown flag', [1, 0x41, 0xc0], 'its header is not one that Twiceproof writes'],
    ['no body', header, 'it is truncated'],
    ['a truncated string', [...header, 0xa3, 0x61], 'it is truncated'],
    ['a truncated length', [...header, 0xda, 0x01], 'it is truncated'],
    ['a truncated number', [...header, 0xcb, 1, 2, 3], 'it is truncated'],
    ['a truncated array', [...header, 0x92, 1], 'it is truncated'],
    ['a truncated map', [...header, 0x81, 0xa1, 0x61], 'it is truncated'],
    ['a truncated binary', [...header, 0xc4, 5, 1], 'it is truncated'],
    [
      'an array that claims 4 billion elements',
      [...header, 0xdd, 255, 255, 255, 255, 1],
      'it is truncated',
    ],
    [
      'a map that claims 4 billion entries',
      [...header, 0xdf, 255, 255, 255, 255, 0xa1, 0x61],
      'it is truncated',
    ],
    [
      'a string that claims 4 billion bytes',
      [...header, 0xdb, 255, 255, 255, 255, 0x61],
      'it is truncated',
    ],
    [
      'a binary that claims 4 billion bytes',
      [...header, 0xc6, 255, 255, 255, 255, 0x61],
      'it is truncated',
    ],
    ['bytes behind the end', [...header, 0xc0, 0xc0], 'there are bytes behind its end'],
    [
      'a date extension',
      [...header, ...packed(new Date(0))],
      'a msgpack type that Twiceproof does not write',
    ],
    [
      'msgpackr’s undefined',
      [...header, ...packed(undefined)],
      'a msgpack type that Twiceproof does not write',
    ],
    [
      'a record definition',
      [...header, 0xd4, 0x72, 0x40, 0x91, 0xa1, 0x61, 1],
      'a msgpack type that',
    ],
    ['an extension with a length', [...header, 0xc7, 1, 0x65, 0], 'a msgpack type that'],
    ['the reserved token', [...header, 0xc1], 'a msgpack type that Twiceproof does not write'],
    ['a 64-bit integer', [...header, 0xd3, 0, 0, 0, 0, 0, 0, 0, 1], 'a msgpack type that'],
    ['a number as a key', [...header, 0x81, 1, 2], 'it has a key that is no string'],
    ['a map as a key', [...header, 0x81, 0x80, 2], 'it has a key that is no string'],
    ['a binary as a key', [...header, 0x81, 0xc4, 0, 2], 'it has a key that is no string'],
    [
      'a __proto__ key',
      [...header, ...packed(JSON.parse('{"__proto__":{"x":1}}'))],
      'it holds a __proto__ key',
    ],
    [
      'endless nesting',
      [...header, ...new Array(1_000_000).fill(0x91), 0xc0],
      'it is nested too deep',
    ],
    [
      'an unknown reason of omission',
      [1, 4, ...packed('lost')],
      'a reason that Twiceproof does not know',
    ],
    ['an error that is no map', [1, 2, 0x01], 'an error in a form that Twiceproof does not write'],
    [
      'an error of an unknown class',
      [1, 2, ...packed({ class: 'Function', message: 'x' })],
      'an error in a form',
    ],
    [
      'an error of an inherited class',
      [1, 2, ...packed({ class: 'constructor' })],
      'an error in a form',
    ],
    [
      'an error with odd properties',
      [1, 2, ...packed({ class: 'Error', props: [1, { value: 1 }] })],
      'an error in a form',
    ],
    [
      'an error with an empty slot',
      [1, 2, ...packed({ class: 'Error', cause: {} })],
      'an error in a form',
    ],
  ])('%s', ([, bytes, reason]) => {
    expect(corruptionOf(bytes)).toContain(`the recorded outcome cannot be read: `);
    expect(corruptionOf(bytes)).toContain(reason);
  });

  test.for<[string, unknown]>([
    ['an unknown tag', { '\0x': 1 }],
    ['a tag among other keys', { '\0u': null, a: 1 }],
    ['a bigint of other digits', { '\0n': '12z' }],
    ['an empty bigint', { '\0n': '-' }],
    ['a bigint that is a number', { '\0n': 12 }],
    ['a date that is text', { '\0d': 'now' }],
    ['a map that is no list', { '\0m': { a: 1 } }],
    ['a map with a key and no value', { '\0m': [1] }],
    ['a set that is no list', { '\0e': 1 }],
    ['an object with a number as a key', { '\0o': [1, 2] }],
    ['an array without length', { '\0a': [] }],
    ['an array of negative length', { '\0a': [-1] }],
    ['an array that is longer than its length', { '\0a': [1, '5', 1] }],
    ['an array whose length is an entry', { '\0a': [1, 'length', 7] }],
    ['text that is no JSON', { '\0s': 'x' }],
    ['text that is JSON of something else', { '\0s': '[1]' }],
    ['binary data that is no binary', { '\0b': ['Buffer', 'x'] }],
    ['binary data of an unknown type', { '\0b': ['Function', new Uint8Array(1)] }],
    [
      'binary data that is no whole number of elements',
      { '\0b': ['Int32Array', new Uint8Array(3)] },
    ],
  ])('%s', ([, body]) => {
    expect(corruptionOf([...taggedHeader, ...packed(body)])).toContain('cannot be read');
  });
});

test('a tag without the flag in the header is an ordinary object', () => {
  const outcome = decodeOutcome(Uint8Array.from([...header, ...packed({ '\0u': null })]), 'id');
  expect(outcome).toEqual({ kind: 'value', value: { '\0u': null } });
});

test('a __proto__ entry becomes a property and touches no prototype', () => {
  const bytes = Uint8Array.from([...taggedHeader, ...packed({ '\0o': ['__proto__', { x: 1 }] })]);
  const { value } = decodeOutcome(bytes, 'id') as { value: object };
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect(Object.keys(value)).toEqual(['__proto__']);
  expect('x' in {}).toBe(false);
});

test('a few bytes cannot reserve much memory', () => {
  const bytes = Uint8Array.from([...taggedHeader, ...packed({ '\0a': [31_000_000, '5', 'x'] })]);
  const before = process.memoryUsage().rss;
  const kept = Array.from({ length: 20 }, () => decodeOutcome(bytes, 'id'));
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  expect(kept).toHaveLength(20);
});

test('reading leaves no mark on the bytes', () => {
  const bytes = encodeValue({ a: 1, at: new Date(0) });
  decodeOutcome(bytes, 'id');
  expect(Object.keys(bytes)).toEqual(Object.keys(Uint8Array.from(bytes)));
});
