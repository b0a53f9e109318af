import fc from 'fast-check';

/** Numbers that a key can hold: whole ones beyond 2^53 - 1 are refused, and no others are that large. */
export const keyNumber: fc.Arbitrary<number> = fc
  .double({
    noNaN: true,
    min: Number.MIN_SAFE_INTEGER,
    max: Number.MAX_SAFE_INTEGER,
  })
  .map((value) => value + 0);

/** JSON values that a key can hold. */
export const jsonKey: fc.Arbitrary<unknown> = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    keyNumber,
    fc.string({ unit: 'grapheme' }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: 'grapheme' }), tie('json'), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
  ),
})).json;
