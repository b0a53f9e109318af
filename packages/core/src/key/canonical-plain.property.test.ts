import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isIdempotencyError } from '../errors.ts';
import { encodeCanonical } from './canonical.ts';
import { plainText } from './canonical-plain.ts';
import { missingPart } from './missing-part.ts';

const text = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\ufeff',
    '0',
    '10',
    '9',
    '-1',
    'a',
    'B',
    '\\ud800',
    '\ud800',
    '"',
    '\u2028',
  ),
  fc.constantFrom('__proto__', 'constructor', 'toJSON', 'toString'),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const leaf = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 4, arbitrary: fc.oneof(fc.integer(), fc.double(), fc.constantFrom(-0, 2 ** 53, 1e21)) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, false) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(undefined, 1n, Symbol.iterator, () => 1) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(new Date(0), new Map(), new Set([1]), Object(1)),
  },
);

const { anyValue } = fc.letrec<{ anyValue: unknown }>((tie) => {
  const inner = tie('anyValue');
  const entries = fc.array(fc.tuple(text, inner), { maxLength: 6 });
  return {
    anyValue: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      fc.array(inner, { maxLength: 4 }),
      entries.map((each) => Object.fromEntries(each)),
      entries.map((each) => Object.assign(Object.create(null), Object.fromEntries(each))),
      fc.sparseArray(inner, { maxLength: 3, maxNumElements: 2 }),
      inner.map((value) => Object.assign([value], { named: value })),
    ),
  };
});

/** As the writer has it; undefined where it refuses. */
function written(value: unknown): string | undefined {
  try {
    return encodeCanonical(value);
  } catch (error) {
    if (isIdempotencyError(error, 'KEY_UNSUPPORTED')) return undefined;
    throw error;
  }
}

test('where the fast way gives a text, the writer gives the same', () => {
  let fast = 0;
  fc.assert(
    fc.property(anyValue, (value) => {
      const plain = plainText(value as object);
      if (plain === undefined) return;
      fast++;
      expect(plain.text).toBe(written(value));
      expect(plain.lacksParts).toBe(missingPart(value) !== undefined);
    }),
    { numRuns: 20_000 },
  );
  expect(fast).toBeGreaterThan(2_000);
});

test('the fast way takes every JSON object whose names are no indices and that has no lone surrogate', () => {
  const name = fc.string({ unit: 'grapheme', maxLength: 8 }).map((each) => `_${each}`);
  const json = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null)),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(name, tie('value'), { maxKeys: 5 }),
    ),
  })).value;
  fc.assert(
    fc.property(json, (value) => {
      expect(plainText([value])?.text).toBe(encodeCanonical([value]));
    }),
    { numRuns: 5_000 },
  );
});

const getter = {
  get a() {
    return 1;
  },
};
const cycle: { self?: unknown } = {};
cycle.self = cycle;
let deep: unknown[] = [];
for (let level = 0; level < 250; level++) deep = [deep];
const shared = Array.from({ length: 40 }).reduce<unknown>((value) => [value, value], 'x') as object;

test.each<[string, object]>([
  ['a cycle', cycle],
  ['more levels than there may be', deep],
  ['parts shared so often that they have no end', shared],
  ['names that look like indices', { 10: 'a', 9: 'b' }],
  ['a name of its own for its prototype', JSON.parse('{"__proto__":1}')],
  ['an array without its prototype', Object.setPrototypeOf([1], null)],
  ['an array that passes for an object', Object.setPrototypeOf([1], Object.prototype)],
  [
    'an instance',
    new (class Order {
      id = 1;
    })(),
  ],
  ['a named property in place of a hole', Object.assign(Array(2).fill(1, 0, 1), { named: 1 })],
  ['a visible symbol', { [Symbol('s')]: 1 }],
  ['a lone surrogate', ['\ud800']],
  ['a lone surrogate in a name', { '\ud800': 1 }],
  ['data of another realm', runInNewContext('({ a: [1] })')],
  [
    'what throws when it is read',
    {
      get a() {
        throw new Error('no');
      },
    },
  ],
  ['a revoked proxy', revoked()],
])('%s is left to the writer', (_what, value) => {
  expect(plainText(value)).toBeUndefined();
});

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

test('a value is read once, so that one that changes its mind has one text', () => {
  let reads = 0;
  const value = {
    get a() {
      return reads++;
    },
  };
  expect(plainText(value)?.text).toBe('{"a":0}');
  expect(reads).toBe(1);
  expect(plainText(getter)?.text).toBe('{"a":1}');
});

test('a list whose element is another one when it is read again is left to the writer', () => {
  const answers = [undefined, 'a', 'a'];
  const list = Object.defineProperty([], 0, { get: () => answers.shift(), enumerable: true });
  expect(plainText(list)).toBeUndefined();
  expect(encodeCanonical(list)).toBe('["a"]');
});

test.each([
  ['in order', { a: 1, b: 2 }, { a: 1 }],
  ['out of order', { b: 2, a: 1 }, { b: 1 }],
])('a name that all objects inherit is nobody’s own, with names %s', (_how, known, value) => {
  for (let time = 0; time < 3; time++) plainText(known);
  const [name] = Object.keys(known).filter((each) => !(each in value));
  Object.defineProperty(Object.prototype, name!, {
    ...{ value: 2, enumerable: true, configurable: true, writable: true },
  });
  let text: string;
  try {
    text = plainText(value)?.text ?? encodeCanonical(value);
  } finally {
    Reflect.deleteProperty(Object.prototype, name!);
  }
  expect(text).toBe(JSON.stringify(value));
});

test('objects of many shapes, one after the other, have the text that the writer gives', () => {
  const shapes = Array.from({ length: 600 }, (_, at) => ({
    [`n${at % 97}`]: at,
    [`m${at % 31}`]: { [`x${at % 13}`]: 'x', a: [at] },
    a: `${at}`,
  }));
  for (let time = 0; time < 4; time++) {
    for (const value of shapes) expect(plainText(value)?.text).toBe(encodeCanonical(value));
  }
});

test('whoever gives all arrays or objects a toJSON changes no text', () => {
  for (const prototype of [Array.prototype, Object.prototype]) {
    Object.defineProperty(prototype, 'toJSON', { value: () => 'other', configurable: true });
    try {
      expect(plainText({ a: [1] })).toBeUndefined();
    } finally {
      Reflect.deleteProperty(prototype, 'toJSON');
    }
  }
});
