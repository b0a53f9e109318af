import { deepStrictEqual } from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Packr } from 'msgpackr/pack';
import { expect, test } from 'vitest';
import { encodeValue } from './index.ts';
import { packedLength, packOutcome } from './pack.ts';
import { scan } from './scan.ts';
import { unpack } from './unpack.ts';

/** Everybody's msgpack, to hold ours against. */
const msgpackr = new Packr({
  useRecords: false,
  variableMapSize: true,
  useToJSON: false,
  mapsAsObjects: true,
  copyBuffers: true,
});

const { body } = fc.letrec((tie) => ({
  body: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false, 0, ''),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double().filter((number) => !Object.is(number, -0)),
    fc.string({ unit: 'binary', maxLength: 70 }),
    fc.string({ unit: 'binary-ascii', maxLength: 70 }),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('body'), { maxLength: 20 }),
    fc.dictionary(
      fc.string({ unit: 'binary', maxLength: 40 }).filter((key) => key !== '__proto__'),
      tie('body'),
      { maxKeys: 20, noNullPrototype: true },
    ),
  ),
}));

/** Where a length or a number takes another token, and one beside it. */
const borders = [
  0x1f,
  0x20,
  0x28,
  0x29,
  0x7f,
  0x80,
  0xff,
  0x100,
  0xffff,
  0x10000,
  0x7fffffff,
  2 ** 32,
];
const atBorders: unknown[] = [
  ...borders.flatMap((border) => [
    border - 1,
    border,
    border + 1,
    -border - 1,
    -border,
    -border + 1,
  ]),
  ...borders
    .filter((border) => border <= 0x10000)
    .flatMap((length) => [
      'a'.repeat(length),
      'ä'.repeat(length),
      `${'a'.repeat(length - 1)}\u{1f600}`,
      new Uint8Array(randomBytes(length)),
      Array.from({ length }, (_, index) => index),
      Object.fromEntries(Array.from({ length }, (_, index) => [`key ${index}`, index])),
      { ['k'.repeat(length)]: 1, ['ö'.repeat(length)]: 2 },
    ]),
  ...[1.5, Number.NaN, Number.POSITIVE_INFINITY, 5e-324, 1.7976931348623157e308],
];

function packed(value: unknown): Uint8Array {
  return packOutcome(1, 1, value).subarray(2);
}

function expectSame(value: unknown): void {
  const theirs = new Uint8Array(msgpackr.pack(value));
  expect(Buffer.compare(packed(value), theirs)).toBe(0);
  expect(packedLength(value)).toBe(theirs.length);
  scan(theirs, 0);
  deepStrictEqual(unpack(theirs, 0), msgpackr.unpack(theirs));
}

test('any data is written and read as everybody writes and reads it', () => {
  fc.assert(fc.property(body, expectSame), { numRuns: 1_000 });
});

test('so are texts, binaries, lists and maps of the lengths, and numbers of the sizes, where the token changes', () => {
  for (const value of atBorders) expectSame(value);
});

test('what is read shares nothing with the bytes, and is no Buffer', () => {
  const bytes = Buffer.from(packed([new Uint8Array([1, 2])]));
  const [read] = unpack(bytes, 0) as [Uint8Array];
  bytes.fill(0);
  expect(read).toStrictEqual(new Uint8Array([1, 2]));
});

test('keys are told apart that look alike to what remembers them', () => {
  const alike = ['abcd', 'accd', 'abbd', 'acbd', 'äcd', 'a\u0000cd', ''];
  for (const key of [...alike, ...alike.reverse()]) expectSame({ [key]: key });
});

test('one outcome stays as it is while others are written, small ones and large ones', () => {
  const values = Array.from({ length: 400 }, (_, at) => ({
    at,
    text: 'x'.repeat((at * 397) % 9_000),
  }));
  values.push({ at: 400, text: 'x'.repeat(200_000) }, { at: 401, text: 'last' });
  const bytes = values.map((value) => packed(value));
  expect(bytes.map((each) => unpack(each, 0))).toStrictEqual(values);
});

test('a small outcome does not keep a large one’s memory', () => {
  encodeValue('x'.repeat(1_000_000));
  expect(encodeValue('small').buffer.byteLength).toBeLessThanOrEqual(64 * 1024);
});

test('a getter that records something itself does not mix it up with what it is a part of', () => {
  let inner: Uint8Array | undefined;
  const value = {
    before: 'a'.repeat(50),
    get own() {
      inner = packed({ own: 'b'.repeat(50) });
      return 1;
    },
    after: 'c'.repeat(50),
  };
  expect(unpack(packed(value), 0)).toStrictEqual({ ...value });
  expect(unpack(inner!, 0)).toStrictEqual({ own: 'b'.repeat(50) });
});

test.each([
  ['a date', new Date(0)],
  ['a map', new Map()],
  ['a function', () => 1],
  ['nothing', undefined],
  ['a bigint', 1n],
])(
  'a getter that answers %s when it is written is refused, and what follows is written',
  (_, second) => {
    let reads = 0;
    const value = {
      get changing() {
        return reads++ === 0 ? 1 : second;
      },
    };
    expect(() => encodeValue(value)).toThrow(/^RESULT_UNSERIALIZABLE: .*Twiceproof does not write/);
    expectSame({ next: 1 });
  },
);
