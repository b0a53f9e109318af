import { describe, expect, test } from 'vitest';
import { IdempotencyError } from '../errors.ts';
import { encodeCanonical, maxCanonicalLength, maxDepth } from './canonical.ts';

function refusal(value: unknown): IdempotencyError {
  try {
    encodeCanonical(value);
  } catch (error) {
    if (error instanceof IdempotencyError) return error;
    throw error;
  }
  throw new Error('it was encoded');
}

function nested(levels: number, innermost: unknown = 'x'): unknown {
  let value = innermost;
  for (let level = 0; level < levels; level += 1) value = { a: value };
  return value;
}

class Money {
  readonly amount = 5;
}
class Prices extends Map<string, number> {}
class Tags extends Array<string> {}

describe('everything else is refused', () => {
  test.each([
    ['NaN', Number.NaN, 'NaN'],
    ['Infinity', Number.POSITIVE_INFINITY, 'Infinity'],
    ['-Infinity', Number.NEGATIVE_INFINITY, '-Infinity'],
    ['a whole number that JSON rounds', 2 ** 53, 'beyond 2^53 - 1, which may have been rounded'],
    ['the same below zero', -(2 ** 53), 'give a bigint or text'],
    ['the largest number', Number.MAX_VALUE, 'give a bigint or text'],
    ['an invalid Date', new Date(Number.NaN), 'an invalid Date'],
    ['a lone surrogate', 'a\ud800', 'lone surrogate'],
    ['a function', () => 1, 'a function'],
    ['a class', Money, 'a function'],
    ['a symbol', Symbol('secret'), 'a symbol'],
    ['a class instance', new Money(), 'an instance of Money'],
    [
      'an object with an unusual prototype',
      Object.create({ a: 1 }),
      'an object with a prototype of its own',
    ],
    ['an instance of a Map class', new Prices(), 'an instance of Prices'],
    ['an instance of an Array class', Tags.of('a'), 'an instance of Tags'],
    ['a boxed number', Object(1), 'an instance of Number'],
    ['a boxed string', Object('a'), 'an instance of String'],
    ['a boxed bigint', Object(1n), 'an instance of BigInt'],
    ['a Promise', Promise.resolve(1), 'await it first'],
    ['another typed array', new Float64Array(1), 'an instance of Float64Array'],
    ['an ArrayBuffer', new ArrayBuffer(1), 'an instance of ArrayBuffer'],
    ['a regular expression', /a/, 'an instance of RegExp'],
    ['an Error', new Error('secret'), 'an instance of Error'],
    ['a URL', new URL('https://example.com'), 'an instance of URL'],
    ['a stream', new ReadableStream(), 'an instance of ReadableStream'],
    ['a WeakMap', new WeakMap(), 'an instance of WeakMap'],
    ['a generator', (function* () {})(), 'an object with a prototype of its own'],
    ['a property named by a symbol', { [Symbol('secret')]: 1 }, 'named by a symbol'],
    ['the same on an array', Object.assign([1], { [Symbol('secret')]: 1 }), 'named by a symbol'],
    ['a property beside elements', Object.assign([1], { a: 1 }), 'beside its elements'],
    ['a Map with properties', Object.assign(new Map(), { a: 1 }), 'properties of its own'],
    ['a Date with properties', Object.assign(new Date(0), { a: 1 }), 'properties of its own'],
    ['a match', /a/.exec('a'), 'beside its elements'],
  ])('%s', (_, value, text) => {
    const itself = refusal(value);
    expect(itself).toMatchObject({ code: 'KEY_UNSUPPORTED', path: '' });
    expect(itself.message).toContain('KEY_UNSUPPORTED: the key itself is ');
    expect(itself.message).toContain(text);

    const inside = refusal({ order: { items: ['a', 'b', 'c', { price: value }] } });
    expect(inside).toMatchObject({ code: 'KEY_UNSUPPORTED', path: 'order.items[3].price' });
    expect(inside.message).toContain('KEY_UNSUPPORTED at order.items[3].price: ');
    expect(inside.message).toContain(text);
    expect(inside.message).not.toContain('secret');
  });

  test('the message says what to do', () => {
    expect(refusal({ order: { total: Number.NaN } }).message).toBe(
      'KEY_UNSUPPORTED at order.total: NaN cannot be part of a key; give a finite number or text',
    );
    expect(refusal(Number.NaN).message).toBe(
      'KEY_UNSUPPORTED: the key itself is NaN; give a finite number or text',
    );
  });

  test('a lone surrogate in a name, shown escaped', () => {
    const error = refusal({ a: { '\udc00x': 1 } });
    expect(error.path).toBe('a["\\udc00x"]');
    expect(error.message).toContain('lone surrogate');
  });

  test('a hole, but not an undefined element', () => {
    // biome-ignore lint/suspicious/noSparseArray: the hole is the point
    expect(refusal({ a: [1, , 3] })).toMatchObject({ path: 'a[1]' });
    // biome-ignore lint/suspicious/noSparseArray: the hole is the point
    const balanced = Object.assign([1, , 3], { extra: 1 });
    expect(refusal(balanced)).toMatchObject({ path: '[1]' });
    expect(refusal(new Array(2 ** 32 - 1))).toMatchObject({ path: '[0]' });
  });

  test('bytes whose buffer was transferred, which would all be empty', () => {
    const bytes = new Uint8Array([1]);
    structuredClone(bytes, { transfer: [bytes.buffer] });
    expect(refusal([bytes])).toMatchObject({ path: '[0]' });
  });

  test('properties that are not enumerable are no part of the value', () => {
    const value = Object.defineProperty({ a: 1 }, 'b', { value: () => 1 });
    Object.defineProperty(value, Symbol('c'), { value: 1 });
    expect(encodeCanonical(value)).toBe('{"a":1}');
  });
});

describe('paths', () => {
  test.each([
    ['an element', [[Number.NaN]], '[0][0]'],
    [
      'a name that is no identifier',
      { 'a b': { '0': { 'x"y': Number.NaN } } },
      '["a b"]["0"]["x\\"y"]',
    ],
    [
      'a value of a Map',
      {
        m: new Map([
          ['a', 1],
          ['b', Number.NaN],
        ]),
      },
      'm.entries[1][1]',
    ],
    ['a key of a Map', new Map([[{ k: Number.NaN }, 1]]), 'entries[0][0].k'],
    ['a member of a Set', [new Set([1, [Number.NaN]])], '[0].values[1][0]'],
    ['a name of any length, cut', { ['n'.repeat(100)]: Number.NaN }, `["${'n'.repeat(64)}…"]`],
  ])('%s', (_, value, path) => {
    expect(refusal(value).path).toBe(path);
  });
});

describe('no value stops or overflows the encoder', () => {
  test('nesting is encoded to the limit and refused beyond it', () => {
    expect(encodeCanonical(nested(maxDepth))).toContain('"x"');
    expect(refusal(nested(maxDepth + 1)).message).toContain(`${maxDepth} levels`);
    expect(refusal(nested(1_000_000)).code).toBe('KEY_UNSUPPORTED');
    const lists = JSON.parse('['.repeat(5_000) + ']'.repeat(5_000));
    expect(refusal(lists).path).toBe('[0]'.repeat(maxDepth));
  });

  test('a cycle is named where it closes', () => {
    const order: Record<string, unknown> = { id: 1 };
    order.lines = [{ order }];
    expect(refusal({ order })).toMatchObject({
      path: 'order.lines[0].order',
      message:
        'KEY_UNSUPPORTED at order.lines[0].order: a reference back to order cannot be part of a key; leave it out',
    });
    expect(refusal(order).message).toContain('a reference back to the key itself');
  });

  test('a value that branches into itself is refused at once', () => {
    const value: Record<string, unknown> = {};
    value.a = value;
    value.b = value;
    expect(refusal(value).path).toBe('a');
    const map = new Map<unknown, unknown>();
    map.set(map, map);
    expect(refusal(map).path).toBe('entries[0][0]');
  });

  test('parts used more than once are written out each time', () => {
    const part = { a: 1 };
    expect(encodeCanonical([part, part])).toBe('[{"a":1},{"a":1}]');
  });

  test('parts shared so often that the text would never end are refused', () => {
    let value: unknown = 'x'.repeat(1_000);
    for (let level = 0; level < 100; level += 1)
      value = level % 2 ? [value, value] : new Set([[value], [value]]);
    expect(refusal(value).message).toContain(`${maxCanonicalLength} characters`);
    expect(refusal('x'.repeat(maxCanonicalLength)).message).toContain('give a digest');
  });

  test('code of the value that throws is a refusal with its path and cause', () => {
    const cause = new TypeError('secret');
    const fail = () => {
      throw cause;
    };
    const getter = Object.defineProperty({}, 'total', { get: fail, enumerable: true });
    const error = refusal({ order: getter });
    expect(error).toMatchObject({ path: 'order.total', cause });
    expect(error.message).toContain('a value that threw TypeError when read');
    expect(error.message).not.toContain('secret');

    for (const trap of ['ownKeys', 'getPrototypeOf', 'getOwnPropertyDescriptor'] as const) {
      expect(refusal([new Proxy({ a: 1 }, { [trap]: fail })])).toMatchObject({
        path: '[0]',
        cause,
      });
    }
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(refusal({ proxy }).path).toBe('proxy');
  });

  test('a getter is read once, and may encode something itself', () => {
    let reads = 0;
    const value = {
      get a() {
        reads += 1;
        return encodeCanonical({ z: 1, y: [reads] });
      },
    };
    expect(encodeCanonical(value)).toBe('{"a":"{\\"y\\":[1],\\"z\\":1}"}');
  });
});
