import assert from 'node:assert/strict';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeOutcome, encodeValue } from './index.ts';

function decode(bytes: Uint8Array): unknown {
  const outcome = decodeOutcome(bytes, 'test/op/0/id');
  if (outcome.kind !== 'value') throw new Error(`a value came back as ${outcome.kind}`);
  return outcome.value;
}

function assertSame(actual: unknown, expected: unknown): void {
  assert.deepStrictEqual(actual, expected);
  expect(actual).toStrictEqual(expected);
}

function withEntries<Target extends object>(target: Target, entries: [string, unknown][]): Target {
  for (const [key, value] of entries) {
    const property = { value, writable: true, enumerable: true, configurable: true };
    Object.defineProperty(target, key, property);
  }
  return target;
}

// biome-ignore lint/suspicious/noSparseArray: holes are what is tested
const holes = [1, , 3, ,];
const shared = { a: 1 };
const buffer = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer;

describe('a result comes back deep-equal', () => {
  test.for<[string, unknown]>([
    ['null', null],
    ['undefined', undefined],
    ['booleans', [true, false]],
    ['small integers', [0, 1, 31, 32, 63, 64, 127, 128, 255, 256, 65_535, 65_536, -1, -32, -33]],
    ['32-bit limits', [2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, -(2 ** 31), -(2 ** 31) - 1]],
    ['integers up to 2^53 and beyond', [2 ** 53 - 1, 2 ** 53, 2 ** 64, -(2 ** 53), 1e300]],
    ['fractions', [0.1, -0.1, 1 / 3, Number.MIN_VALUE, Number.MAX_VALUE, Number.EPSILON]],
    ['negative zero', { value: -0, list: [0, -0] }],
    ['NaN and infinities', [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
    ['bigints', [0n, 1n, -1n, 2n ** 63n, -(2n ** 63n), 2n ** 64n, -(2n ** 200n), 7n ** 2_000n]],
    ['strings', ['', 'a', 'äöü', '漢字', '👩‍👩‍👧', 'x'.repeat(31), 'x'.repeat(32), '\0', '\0u']],
    ['long strings', ['é'.repeat(300), 'x'.repeat(70_000), '漢'.repeat(70_000)]],
    ['lone surrogates', ['\ud800', 'a\udc00b', `${'x'.repeat(100)}\ud83d`, { '\udfff': 1 }]],
    [
      'a leading byte order mark',
      ['\ufeff', `\ufeff${'x'.repeat(100)}`, { [`\ufeff${'k'.repeat(99)}`]: 1 }],
    ],
    ['empty things', [{}, [], '', new Map(), new Set(), new Uint8Array(), Buffer.alloc(0)]],
    ['undefined properties and elements', { a: undefined, b: [undefined, null, undefined] }],
    ['dates', [new Date(0), new Date(-1), new Date('2024-02-29T12:00:00.123Z'), new Date(8.64e15)]],
    ['an invalid date', new Date(Number.NaN)],
    [
      'maps',
      new Map<unknown, unknown>([
        ['a', 1],
        [1, 'a'],
        [{ b: 2 }, [new Map()]],
        [undefined, null],
      ]),
    ],
    ['sets', new Set<unknown>(['a', 1, 1n, { b: 2 }, new Set([1]), undefined, Number.NaN])],
    ['a buffer', Buffer.from('hello')],
    ['bytes', new Uint8Array([0, 255, 1])],
    ['a view of bytes', new Uint8Array(buffer, 2, 3)],
    ['an array buffer', buffer],
    ['a data view', new DataView(buffer, 1, 4)],
    [
      'typed arrays',
      [
        new Int8Array([-1, 1]),
        new Uint8ClampedArray([0, 255]),
        new Int16Array([-2, 2]),
        new Uint16Array([1, 65_535]),
        new Int32Array([-3, 3]),
        new Uint32Array([1, 2 ** 32 - 1]),
        new Float32Array([0.5, -0]),
        new Float64Array([0.1, Number.NaN]),
        new BigInt64Array([-1n, 2n ** 62n]),
        new BigUint64Array([2n ** 64n - 1n]),
      ],
    ],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1, b: { c: -0 } })],
    ['a __proto__ key', JSON.parse('{"__proto__":{"polluted":1},"a":{"__proto__":null}}')],
    [
      'keys that objects inherit',
      { constructor: 1, toString: 'x', hasOwnProperty: false, toJSON: 1 },
    ],
    ['an empty key', { '': 1 }],
    ['an object that looks like a tag', { '\0u': null }],
    ['an object that holds a tag key', { a: 1, '\0m': [1, 2], b: { '\0d': 'x', '\0': 2 } }],
    ['array holes', holes],
    ['a long array of holes', withEntries(new Array(2 ** 32 - 1), [['4000000000', 'x']])],
    ['a match of a regular expression', 'a-b'.match(/(?<first>\w)-(?<second>\w)/)],
    [
      'an array with as many holes as named properties',
      Object.assign(new Array(2), { 0: 1, name: 'x' }),
    ],
    ['property order', { b: 1, a: 2, 10: 3, 9: 4, nested: { z: 1, y: undefined, x: 3 } }],
    [
      'references shared by several parts',
      { first: shared, second: shared, list: [shared, shared] },
    ],
    [
      'objects with more than 65,535 keys',
      Object.fromEntries(Array.from({ length: 70_000 }, (_, i) => [`k${i}`, i])),
    ],
    ['arrays with more than 65,535 elements', Array.from({ length: 70_000 }, (_, i) => i)],
  ])('%s', ([, value]) => {
    assertSame(decode(encodeValue(value)), value);
  });

  test('nesting up to the limit, of containers that each take a tag', () => {
    let value: unknown = -0;
    for (let level = 0; level < 256; level++) value = new Map([[undefined, value]]);
    assert.deepStrictEqual(decode(encodeValue(value)), value);
  });

  test('the order of properties and of entries', () => {
    const value = {
      b: 1,
      a: undefined,
      '\0': 2,
      c: new Map([
        ['z', 1],
        ['y', 2],
      ]),
    };
    const back = decode(encodeValue(value)) as typeof value;
    expect(Object.keys(back)).toEqual(Object.keys(value));
    expect([...back.c.keys()]).toEqual(['z', 'y']);
  });

  test('half floats, where Node has them', () => {
    const Half = (globalThis as { Float16Array?: new (values: number[]) => ArrayBufferView })
      .Float16Array;
    const value = Half ? new Half([0.5, -1]) : null;
    assert.deepStrictEqual(decode(encodeValue(value)), value);
  });

  test('plain data of another realm becomes plain data of this one', () => {
    const source = `({ list: [1, { at: new Date(5) }], map: new Map([[1, new Set([2])]]),
      bytes: new Uint8Array([1, 2]), floats: new Float64Array([0.5]), buffer: new Uint8Array([3]).buffer })`;
    assertSame(decode(encodeValue(runInNewContext(source))), {
      list: [1, { at: new Date(5) }],
      map: new Map([[1, new Set([2])]]),
      bytes: new Uint8Array([1, 2]),
      floats: new Float64Array([0.5]),
      buffer: new Uint8Array([3]).buffer,
    });
  });

  test('getters as the values that they give', () => {
    const value = {
      get total(): number {
        return 3;
      },
      get at(): Date {
        return new Date(7);
      },
    };
    assertSame(decode(encodeValue(value)), { total: 3, at: new Date(7) });
  });

  test('without what nobody can list: hidden properties, and symbols that are hidden', () => {
    const value = Object.defineProperty({ a: 1 }, 'hidden', { value: 2 });
    Object.defineProperty(value, Symbol('mark'), { value: 3 });
    assertSame(decode(encodeValue(value)), { a: 1 });
  });

  test('after a large result as after a small one', () => {
    const large = { text: 'x'.repeat(3_000_000), bytes: new Uint8Array(3_000_000).fill(7) };
    const before = encodeValue({ n: 1 });
    const bytes = encodeValue(large);
    const after = encodeValue({ n: 2 });
    expect(bytes.buffer.byteLength).toBe(bytes.byteLength);
    expect(after.buffer.byteLength).toBeLessThanOrEqual(64 * 1024);
    assert.deepStrictEqual(decode(bytes), large);
    expect([decode(before), decode(after)]).toEqual([{ n: 1 }, { n: 2 }]);
  });
});

const anyUnit = fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit));
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: anyUnit }),
  fc.string({ unit: 'binary', minLength: 20, maxLength: 300 }),
  fc.constantFrom('\ufeff', '__proto__', 'constructor', '\0u', '\0d', '\0', ''),
);
const anyBytes = fc.uint8Array({ maxLength: 40 });

/** Vitest cannot compare every map, set and object: their parts, and how they are named, can vary. */
function values(keys: fc.Arbitrary<string>, parts?: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      anyLeaf,
      fc.array(tie('value'), { maxLength: 5 }),
      fc.sparseArray(tie('value'), { maxLength: 20, maxNumElements: 5 }),
      fc
        .tuple(fc.boolean(), fc.array(fc.tuple(keys, tie('value')), { maxLength: 5 }))
        .map(([bare, entries]) => withEntries(bare ? Object.create(null) : {}, entries)),
      fc
        .tuple(fc.array(tie('value'), { maxLength: 3 }), keys, tie('value'))
        .filter(([, key]) => key !== 'length')
        .map(([list, key, value]) => withEntries(list, [[key, value]])),
      fc
        .array(fc.tuple(parts ?? tie('value'), tie('value')), { maxLength: 4 })
        .map((entries) => new Map(entries)),
      fc.array(parts ?? tie('value'), { maxLength: 4 }).map((elements) => new Set(elements)),
    ),
  })).value;
}

const anyLeaf = fc.oneof(
  anyText,
  fc.double(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.boolean(),
  fc.bigInt(),
  fc.constantFrom(null, undefined, -0, Number.NaN),
  fc.date({ noInvalidDate: false }),
  anyBytes.map((bytes) => new Uint8Array(bytes)),
  anyBytes.map((bytes) => Buffer.from(bytes)),
  anyBytes.map((bytes) => new Uint8Array(bytes).buffer),
  anyBytes.map((bytes) => new DataView(new Uint8Array(bytes).buffer)),
  fc.oneof(fc.int8Array(), fc.uint8ClampedArray(), fc.int16Array(), fc.uint16Array()),
  fc.oneof(fc.int32Array(), fc.uint32Array(), fc.float32Array(), fc.float64Array()),
  fc.oneof(fc.bigInt64Array(), fc.bigUint64Array()),
);

const anyValue = values(anyText);

const libraryValue = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
  withUnicodeString: true,
} as fc.ObjectConstraints);

/** Leaves nothing of a value as it was. */
function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if (ArrayBuffer.isView(value))
    new Uint8Array(value.buffer, value.byteOffset, value.byteLength).fill(99);
  else if (value instanceof ArrayBuffer) new Uint8Array(value).fill(99);
  else if (value instanceof Date) value.setTime(99);
  else if (value instanceof Map) {
    for (const [key, part] of value) [key, part].forEach(spoil);
    value.clear();
  } else if (value instanceof Set) {
    value.forEach(spoil);
    value.clear();
  } else {
    for (const key of Object.keys(value)) {
      spoil((value as Record<string, unknown>)[key]);
      Reflect.deleteProperty(value, key);
    }
  }
}

function assertOwnsItsMemory(value: unknown, bytes: Uint8Array): void {
  if (value instanceof ArrayBuffer) expect(value).not.toBe(bytes.buffer);
  else if (ArrayBuffer.isView(value)) {
    expect(value.buffer).not.toBe(bytes.buffer);
    expect(value.buffer.byteLength).toBe(value.byteLength);
  } else if (value instanceof Map || value instanceof Set) {
    for (const part of value) assertOwnsItsMemory(part, bytes);
  } else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) assertOwnsItsMemory(part, bytes);
  }
}

describe('any result', () => {
  test.for<[string, fc.Arbitrary<unknown>, number]>([
    ['made of everything that is allowed', anyValue, 2_000],
    ['that fast-check thinks of', libraryValue, 1_000],
  ])('%s comes back deep-equal and isolated', { timeout: 60_000 }, ([, arbitrary, numRuns]) => {
    const property = fc.property(arbitrary, (value) => {
      const bytes = encodeValue(value);
      const copy = Uint8Array.from(bytes);
      const first = decode(bytes);
      assert.deepStrictEqual(first, value);
      if (typeof value === 'object' && value !== null) expect(first).not.toBe(value);
      assertOwnsItsMemory(first, bytes);
      spoil(first);
      assert.deepStrictEqual(decode(bytes), value);
      assert.deepStrictEqual(bytes, copy);
      // A Buffer, as drivers hand it out, reads the same.
      assert.deepStrictEqual(decode(Buffer.from(bytes)), value);
    });
    fc.assert(property, { numRuns });
  });

  test('is equal to Vitest too', () => {
    const keys = anyText.filter((key) => key !== 'constructor');
    const property = fc.property(values(keys, anyText), (value) => {
      expect(decode(encodeValue(value))).toStrictEqual(value);
    });
    fc.assert(property, { numRuns: 500 });
  });

  test('that changes after it was encoded stays as it was', () => {
    const value = { list: [{ a: 1 }], bytes: new Uint8Array([1, 2]), at: new Date(5) };
    const bytes = encodeValue(value);
    spoil(value);
    assertSame(decode(bytes), { list: [{ a: 1 }], bytes: new Uint8Array([1, 2]), at: new Date(5) });
  });
});
