import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeValue } from './escape.ts';
import { KIND } from './header.ts';
import { writeOutcome } from './msgpack.ts';
import { plainOutcome } from './plain-outcome.ts';
import { newWalk } from './walk.ts';

/** As the writer has it; undefined where it refuses or has to tag something. */
function written(value: unknown): Uint8Array | undefined {
  const walk = newWalk(1e6, undefined);
  try {
    const escaped = escapeValue(value, walk, 0);
    return walk.tagged ? undefined : writeOutcome(KIND.value, escaped, walk);
  } catch {
    return undefined;
  }
}

const hex = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('hex');

const text = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', maxLength: 70 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .tuple(
      fc.constantFrom('x', 'é', '漢', '👩', '\ufeff', '\ud800', '\0'),
      fc.integer({ min: 0, max: 300 }),
    )
    .map(([character, count]) => character.repeat(count)),
  fc.constantFrom('__proto__', 'constructor', 'toJSON', 'length', '\0u'),
);
const number = fc.oneof(
  fc.constantFrom(
    0,
    -0,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -1,
    127,
    128,
    255,
    256,
    65_535,
    65_536,
  ),
  fc.constantFrom(2 ** 31, 2 ** 32 - 1, 2 ** 32, -(2 ** 31), -(2 ** 31) - 1, 2 ** 53),
  fc.integer(),
  fc.double(),
);
const leaf = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 4, arbitrary: number },
  { weight: 3, arbitrary: fc.constantFrom<unknown>(null, true, false) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(
      undefined,
      1n,
      Symbol.iterator,
      new Date(0),
      new Map(),
      Buffer.from('a'),
    ),
  },
);
const { anyValue } = fc.letrec<{ anyValue: unknown }>((tie) => {
  const inner = tie('anyValue');
  const entries = fc.array(fc.tuple(text, inner), { maxLength: 17 });
  return {
    anyValue: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      fc.array(inner, { maxLength: 17 }),
      entries.map((each) => Object.fromEntries(each)),
      entries.map((each) => Object.assign(Object.create(null), Object.fromEntries(each))),
      fc.sparseArray(inner, { maxLength: 3, maxNumElements: 2 }),
      inner.map((value) => Object.assign([value], { named: value })),
    ),
  };
});

test('what it writes is what the writer writes, and what that refuses or tags it leaves to it', () => {
  let plain = 0;
  fc.assert(
    fc.property(anyValue, (value) => {
      const bytes = plainOutcome(value);
      if (bytes === undefined) return;
      plain++;
      expect(hex(bytes)).toBe(hex(written(value)));
    }),
    { numRuns: 3_000 },
  );
  expect(plain).toBeGreaterThan(500);
});

test.for<[string, unknown]>([
  ['text', 'captured'],
  ['text of another alphabet', 'Größe 漢字'],
  ['long text', 'x'.repeat(300)],
  ['a number', -1.5],
  ['an object of lists', { id: 'r-1', cents: 1_990, lines: [{ sku: 'a' }, null, [true, false]] }],
])('it writes %s', ([, value]) => {
  expect(hex(plainOutcome(value))).toBe(hex(written(value)));
});

const loop: { self?: unknown } = {};
loop.self = loop;

test.for<[string, unknown]>([
  ['undefined', { a: undefined }],
  ['negative zero', [-0]],
  ['a hole', new Array(1)],
  ['a named property of a list', Object.assign([1], { a: 1 })],
  ['a property named by a symbol', { [Symbol('a')]: 1 }],
  [
    'arguments',
    (function given() {
      // biome-ignore lint/complexity/noArguments: they are what is tested
      return arguments;
    })(),
  ],
  ['an object of another realm', runInNewContext('({ a: 1 })')],
  ['a class instance', new (class Receipt {})()],
  ['a name that is a prototype', JSON.parse('{"__proto__":1}')],
  ['half of a pair', '\ud83d'],
  ['half of a pair in a name', { '\ud83d': 1 }],
  ['a byte order mark', '\ufeffa'],
  ['a loop', loop],
  ['what is long', 'x'.repeat(2_000)],
  [
    'what is large',
    Array.from({ length: 15 }, () => Array.from({ length: 15 }, () => 'some text')),
  ],
])('it leaves %s to the writer', ([, value]) => {
  expect(plainOutcome(value)).toBeUndefined();
});

test('results that are made while another one is read are all whole', () => {
  let inner: Uint8Array | undefined;
  const outer = plainOutcome({
    a: 1,
    get b() {
      inner = plainOutcome('inner') ?? written('inner');
      return 2;
    },
  });
  expect(hex(outer)).toBe(hex(written({ a: 1, b: 2 })));
  expect(hex(inner)).toBe(hex(written('inner')));
});

test('a getter that throws is left to the writer, and what comes next is whole', () => {
  const throwing = {
    get a(): never {
      throw new Error('not now');
    },
  };
  expect(plainOutcome(throwing)).toBeUndefined();
  expect(hex(plainOutcome({ a: 1 }))).toBe(hex(written({ a: 1 })));
});

test('bytes that were answered stay what they are', () => {
  const all = Array.from(
    { length: 500 },
    (_, at) => [at, plainOutcome({ at, text: 'y'.repeat(at % 90) })!] as const,
  );
  for (const [at, bytes] of all)
    expect(hex(bytes)).toBe(hex(written({ at, text: 'y'.repeat(at % 90) })));
});
