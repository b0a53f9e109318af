import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isIdempotencyError } from '../errors.ts';
import { encodeCanonical } from './canonical.ts';

function failing(): never {
  throw new Error('from the value');
}

const exotic = fc.constantFrom<() => unknown>(
  () => Number.NaN,
  () => '\ud800',
  () => failing,
  () => Symbol('s'),
  () => Object(1),
  () => Promise.resolve(),
  () => new WeakRef({}),
  () => new DataView(new ArrayBuffer(1)),
  () => Object.create({}),
  () => Object.create(Date.prototype),
  () => Object.create(Map.prototype),
  () => Object.setPrototypeOf(new Map(), null),
  () => Object.setPrototypeOf([], null),
  () => Object.setPrototypeOf(() => 1, null),
  () => new Proxy({}, { ownKeys: failing }),
  () => new Proxy([], { get: failing }),
  () => new Proxy({}, { getPrototypeOf: failing }),
  () => new Proxy(() => 1, {}),
  () => Proxy.revocable([], {}),
  () => {
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    return proxy;
  },
  () => Object.defineProperty({}, 'a', { get: failing, enumerable: true }),
  () => Object.defineProperty([1], 0, { get: failing, enumerable: true }),
  () => new Proxy([], { get: () => Number.NaN }),
  () => new Proxy(new Date(), {}),
  () => new Proxy(new Map(), {}),
  () => globalThis,
  () => process,
  () => import.meta,
  () => JSON,
  () => Object.prototype,
  () => Array.prototype,
  () => Map.prototype,
);

/** Made inside the property: fast-check looks at what it generates, which some of these forbid. */
const anything = fc.oneof(
  exotic,
  fc.tuple(fc.jsonValue(), exotic).map(([value, make]) => () => ({ value, inside: [make()] })),
  exotic.map((make) => () => new Map([[make(), new Set([make()])]])),
  fc
    .anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
    })
    .map((value) => () => value),
);

test('whatever it is given, it encodes it or throws KEY_UNSUPPORTED with a path', () => {
  fc.assert(
    fc.property(anything, (make) => {
      const value = make();
      try {
        expect(encodeCanonical(value).isWellFormed()).toBe(true);
      } catch (error) {
        if (!isIdempotencyError(error, 'KEY_UNSUPPORTED')) throw error;
        expect(typeof error.path).toBe('string');
        expect(error.message).toMatch(/^KEY_UNSUPPORTED(: the key itself is | at )/);
      }
    }),
    { numRuns: 10_000 },
  );
});

test('the path leads to the value at fault', () => {
  const plain = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constant(Symbol.for('at fault')),
      fc.integer(),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string({ unit: 'binary', maxLength: 6 }), tie('value'), { maxKeys: 4 }),
    ),
  })).value;
  fc.assert(
    fc.property(plain, (value) => {
      try {
        encodeCanonical(value);
      } catch (error) {
        if (!isIdempotencyError(error, 'KEY_UNSUPPORTED')) throw error;
        const path = error.path ?? '';
        const access = path === '' || path.startsWith('[') ? path : `.${path}`;
        // A path is written so that it can be pasted behind the value.
        expect(new Function('value', `return value${access}`)(value)).toBe(Symbol.for('at fault'));
      }
    }),
    { numRuns: 5_000 },
  );
});
