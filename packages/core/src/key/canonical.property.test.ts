import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonKey, keyNumber } from '../../test/json-keys.ts';
import { encodeCanonical } from './canonical.ts';

const text = fc.oneof(
  fc.constantFrom('', 'a', 'b', '__proto__', 'constructor', '1', '@bigint(1)', '"', '\\', ',', '}'),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const number = fc.oneof(fc.constantFrom(0, 1, 2), keyNumber);
const leaf = fc.oneof(
  text,
  number,
  fc.boolean(),
  fc.constantFrom(null, undefined),
  fc.bigInt({ min: -3n, max: 3n }),
  fc.bigInt(),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ maxLength: 4 }),
);

function record(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .array(fc.tuple(text, value), { maxLength: 5 })
    .map((entries) => Object.fromEntries(entries));
}

/** Everything that can be encoded. */
const { encodable } = fc.letrec<{ encodable: unknown }>((tie) => {
  const inner = tie('encodable');
  return {
    encodable: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      fc.array(inner, { maxLength: 4 }),
      record(inner),
      fc.array(fc.tuple(inner, inner), { maxLength: 4 }).map((entries) => new Map(entries)),
      fc.array(inner, { maxLength: 4 }).map((members) => new Set(members)),
    ),
  };
});

/** Few values, so that two of them are often equal and otherwise differ by little. */
const { crowded } = fc.letrec<{ crowded: unknown }>((tie) => {
  const inner = tie('crowded');
  return {
    crowded: fc.oneof(
      { maxDepth: 2, depthSize: 'small' },
      fc.constantFrom<unknown>(1, '1', 1n, true, null, undefined, '', new Date(1), '1970-01-01'),
      fc.array(inner, { maxLength: 2 }),
      fc.dictionary(fc.constantFrom('a', '1'), inner, { maxKeys: 2, noNullPrototype: true }),
      fc.array(fc.tuple(inner, inner), { maxLength: 2 }).map((entries) => new Map(entries)),
      fc.array(inner, { maxLength: 2 }).map((members) => new Set(members)),
    ),
  };
});

/** The same value with the properties, entries and members of everything in it turned round. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (value instanceof Map) {
    return new Map([...value].reverse().map(([key, item]) => [reordered(key), reordered(item)]));
  }
  if (value instanceof Set) return new Set([...value].reverse().map(reordered));
  if (
    typeof value !== 'object' ||
    value === null ||
    Object.getPrototypeOf(value) !== Object.prototype
  )
    return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([name, item]) => [name, reordered(item)]));
}

/** Reads canonical text back: an unambiguous text is one that a parser without lookahead can read. */
function readCanonical(canonical: string): unknown {
  let at = 0;

  function take(token: string): boolean {
    if (!canonical.startsWith(token, at)) return false;
    at += token.length;
    return true;
  }

  function until(end: string): string {
    const start = at;
    at = canonical.indexOf(end, start) + end.length;
    return canonical.slice(start, at - end.length);
  }

  function list(end: string): unknown[] {
    const items: unknown[] = [];
    while (!take(end)) {
      if (items.length > 0 && !take(',')) throw new Error(`no comma at ${at}`);
      items.push(value());
    }
    return items;
  }

  function entries(): [unknown, unknown][] {
    const pairs: [unknown, unknown][] = [];
    while (!take('}')) {
      if (pairs.length > 0 && !take(',')) throw new Error(`no comma at ${at}`);
      const key = value();
      if (!take(':')) throw new Error(`no colon at ${at}`);
      pairs.push([key, value()]);
    }
    return pairs;
  }

  function value(): unknown {
    if (take('@undefined')) return undefined;
    if (take('@bigint(')) return BigInt(until(')'));
    if (take('@date(')) return new Date(until(')'));
    if (take('@bytes(')) return new Uint8Array(Buffer.from(until(')'), 'base64'));
    if (take('@map{')) return new Map(entries());
    if (take('@set[')) return new Set(list(']'));
    if (take('[')) return list(']');
    if (take('{')) return Object.fromEntries(entries() as [string, unknown][]);
    const scalar = /"(?:[^"\\]|\\.)*"|[-+.\w]+/y;
    scalar.lastIndex = at;
    const [token] = scalar.exec(canonical) ?? [''];
    at += token.length;
    return JSON.parse(token);
  }

  const result = value();
  if (at !== canonical.length) throw new Error(`more text at ${at}`);
  return result;
}

test('the value can be read back from its text, so that no two values share one', () => {
  fc.assert(
    fc.property(encodable, (value) => {
      expect(isDeepStrictEqual(readCanonical(encodeCanonical(value)), value)).toBe(true);
    }),
    { numRuns: 5_000 },
  );
});

test('two values have one text if and only if they are structurally equal', () => {
  let equal = 0;
  fc.assert(
    fc.property(crowded, crowded, (left, right) => {
      const same = isDeepStrictEqual(left, right);
      equal += same ? 1 : 0;
      expect(encodeCanonical(left) === encodeCanonical(right)).toBe(same);
    }),
    { numRuns: 20_000 },
  );
  expect(equal).toBeGreaterThan(100);
});

test('the order of properties, entries and members does not matter', () => {
  fc.assert(
    fc.property(encodable, (value) => {
      expect(encodeCanonical(reordered(value))).toBe(encodeCanonical(value));
    }),
    { numRuns: 5_000 },
  );
});

test('JSON gives JSON: the same value, and nothing that another parser would not read', () => {
  fc.assert(
    fc.property(jsonKey, (value) => {
      const canonical = encodeCanonical(value);
      expect(JSON.parse(canonical)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(encodeCanonical(JSON.parse(canonical))).toBe(canonical);
    }),
    { numRuns: 2_000 },
  );
});
