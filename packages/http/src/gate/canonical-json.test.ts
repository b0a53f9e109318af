import { describe, expect, test } from 'vitest';
import { canonicalJson, writtenOut } from './canonical-json.ts';

const deep = (levels: number): unknown => (levels === 0 ? 1 : { in: deep(levels - 1) });

const payloads: Readonly<Record<string, unknown>> = {
  'names in another order': { b: 1, a: { d: [true, null], c: 'x' } },
  'names like indices': { b: 1, 10: 'ten', 9: 'nine' },
  'a name of every object': JSON.parse('{"b":1,"__proto__":{"z":1,"a":2},"constructor":3}'),
  numbers: [0, -0, 1e21, 1e-7, 0.1, -17.5, 2 ** 60],
  texts: ['', ' ', '"', '\\', '\n', '\u2028', 'é', '💶', '\ud800', '\\ud800'],
  'nothing in it': [{}, [], null, undefined],
  'members without a value': { a: undefined, b: 1 },
  'null-prototype objects': Object.assign(Object.create(null), { b: 1, a: 2 }),
  dates: { at: new Date(17) },
  bytes: { image: Buffer.from('abc') },
  'beyond JSON': { amount: 10n, none: Number.NaN },
  'a text alone': 'text',
  'a number alone': 17,
  'many levels': deep(100),
  'too many levels': deep(600),
};

describe('canonicalJson', () => {
  test.each(Object.entries(payloads))(
    '%s: as when it is written piece by piece',
    (_name, value) => {
      expect(canonicalJson(value)).toBe(writtenOut(value));
    },
  );

  test('the order of names does not matter', () => {
    const text = canonicalJson({ b: [{ d: 1, c: 2 }], a: 1 });
    expect(text).toBe('{"a":1,"b":[{"c":2,"d":1}]}');
    expect(canonicalJson({ a: 1, b: [{ c: 2, d: 1 }] })).toBe(text);
  });

  test('a payload that was parsed by somebody is left as it was', () => {
    const payload = Object.freeze({ b: Object.freeze([1]), a: 2 });
    canonicalJson(payload);
    expect(JSON.stringify(payload)).toBe('{"b":[1],"a":2}');
  });
});
