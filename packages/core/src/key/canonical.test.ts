import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { encodeCanonical } from './canonical.ts';

describe('plain JSON gives the text that RFC 8785 gives', () => {
  test('the example of section 3.2.2, with a number that a key can hold', () => {
    const input = String.raw`{
      "numbers": [333333333.33333329, 1E15, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`;
    expect(encodeCanonical(JSON.parse(input))).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1000000000000000,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  test('names sorted by UTF-16 code unit, as in section 3.2.3', () => {
    const input = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect(Object.values(JSON.parse(encodeCanonical(input)))).toEqual([
      'One', // JSON.parse puts names that are array indexes first
      'Carriage Return',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
    expect(encodeCanonical(input)).toMatch(/^\{"\\r":"Carriage Return","1":"One",/);
  });

  test.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['433fffffffffffff', '9007199254740991'],
    ['c33fffffffffffff', '-9007199254740991'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('the number %s of appendix B', (bits, text) => {
    expect(encodeCanonical(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text);
  });

  test('text with and without anything to escape', () => {
    expect(encodeCanonical('plain')).toBe('"plain"');
    expect(encodeCanonical('"\\/\b\f\n\r\t\u0000\u001f\u007f')).toBe(
      '"\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u007f"',
    );
    expect(encodeCanonical('é€😀')).toBe('"é€😀"');
  });

  test('objects without a prototype, or from another realm, are plain objects', () => {
    const bare = Object.assign(Object.create(null), { b: 1, a: [] });
    expect(encodeCanonical(bare)).toBe('{"a":[],"b":1}');
    expect(encodeCanonical(runInNewContext('({ b: 1, a: [] })'))).toBe('{"a":[],"b":1}');
  });

  test('a property named __proto__ is data like any other', () => {
    const value = JSON.parse('{"__proto__":{"a":1},"constructor":2}');
    expect(encodeCanonical(value)).toBe('{"__proto__":{"a":1},"constructor":2}');
    expect(encodeCanonical({})).toBe('{}');
  });

  test('the order and number of properties do not matter to the order of the text', () => {
    const names = Array.from({ length: 60 }, (_, index) => `n${(index * 37) % 60}`);
    for (const count of [0, 1, 2, 5, 24, 25, 60]) {
      const chosen = names.slice(0, count);
      const expected = `{${chosen
        .toSorted()
        .map((name) => `"${name}":1`)
        .join(',')}}`;
      // More than once, because shapes that come again take a shorter way.
      for (let time = 0; time < 4; time += 1) {
        const value = Object.fromEntries(chosen.map((name) => [name, 1]));
        expect(encodeCanonical(value)).toBe(expected);
      }
    }
  });
});

describe('what JSON has no form for gets one that no JSON has', () => {
  test.each([
    ['undefined', undefined, '@undefined'],
    ['undefined in an object', { a: undefined }, '{"a":@undefined}'],
    ['undefined in a list', [1, undefined], '[1,@undefined]'],
    ['a bigint', -12n, '@bigint(-12)'],
    ['a Date, to the millisecond', new Date(1), '@date(1970-01-01T00:00:00.001Z)'],
    ['a Date far away', new Date(8.64e15), '@date(+275760-09-13T00:00:00.000Z)'],
    ['bytes', new Uint8Array([1, 2, 255]), '@bytes(AQL/)'],
    ['a Buffer', Buffer.from('hi!!'), '@bytes(aGkhIQ==)'],
    ['a part of a buffer', new Uint8Array([1, 2, 3, 4]).subarray(1, 3), '@bytes(AgM=)'],
    [
      'a Map, by entry',
      new Map<unknown, unknown>([
        ['b', 1],
        [1n, [2]],
        ['a', 3],
      ]),
      '@map{"a":3,"b":1,@bigint(1):[2]}',
    ],
    ['a Set, by member', new Set(['b', 1n, 'a']), '@set["a","b",@bigint(1)]'],
    ['an empty Map', new Map(), '@map{}'],
    ['an empty Set', new Set(), '@set[]'],
  ])('%s', (_, value, text) => {
    expect(encodeCanonical(value)).toBe(text);
    expect(() => JSON.parse(text)).toThrow();
  });

  test('values of another realm count as what they are', () => {
    expect(encodeCanonical(runInNewContext('[new Date(0), new Map([[1, new Set([2])]])]'))).toBe(
      '[@date(1970-01-01T00:00:00.000Z),@map{1:@set[2]}]',
    );
    expect(encodeCanonical(runInNewContext('new Uint8Array([1])'))).toBe('@bytes(AQ==)');
  });

  test('1, "1", 1n and true are four keys', () => {
    const texts = [1, '1', 1n, true].map((value) => encodeCanonical(value));
    expect(new Set(texts).size).toBe(4);
  });

  test('text that looks like a form of another type stays text', () => {
    expect(encodeCanonical('@bigint(1)')).toBe('"@bigint(1)"');
  });
});
