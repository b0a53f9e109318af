import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { isIdempotencyError } from '@twiceproof/core';
import { expect, test } from 'vitest';
import { encodeCanonical } from '../../../packages/core/src/key/canonical.ts';
import { keyPrefix, parseRecordId, recordIdOf } from '../../../packages/core/src/key/record-id.ts';
import type { Dice } from '../src/dice.ts';
import { fuzz } from '../src/fuzz.ts';
import { pick } from '../src/mutate.ts';

const leaves = [
  ...['', 'a', '1', 'true', 'null', 'é', 'e\u0301', '\ud800', '__proto__', '{"a":1}', '[1]', '\0'],
  ...[0, -0, 1, 1.5, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 1n, 0n, -1n, 2n ** 80n],
  ...[true, false, null, undefined, Symbol('s'), () => 1, new Date(0), new Date(Number.NaN)],
  ...[new Uint8Array([1]), /a/, new Map([['a', 1]]), new Set([1]), Object.create({ a: 1 })],
];

function randomKey(dice: Dice, depth = 3): unknown {
  const parts = dice(4);
  switch (depth === 0 ? 0 : dice(4)) {
    case 0:
    case 1:
      return pick(leaves, dice);
    case 2:
      return Array.from({ length: parts }, () => randomKey(dice, depth - 1));
    default: {
      const names = Array.from({ length: parts }, () =>
        pick(['a', 'b', '1', '__proto__', ''], dice),
      );
      return Object.fromEntries(names.map((name) => [name, randomKey(dice, depth - 1)]));
    }
  }
}

test('150,000 keys are written so that only equal ones meet, or refused with their path', () => {
  const seen = new Map<string, unknown>();
  const { understood } = fuzz(
    150_000,
    (dice) => randomKey(dice),
    (key) => {
      let text: string;
      try {
        text = encodeCanonical(key);
      } catch (error) {
        if (!isIdempotencyError(error, 'KEY_UNSUPPORTED')) throw error;
        return false;
      }
      const other = seen.get(text);
      // -0 is 0, and what is left out is undefined.
      if (other !== undefined) assert(isDeepStrictEqual(plain(other), plain(key)), 'equal keys');
      else if (seen.size < 50_000) seen.set(text, key);
      return true;
    },
    () => 'a key',
  );
  expect(understood).toBeGreaterThan(20_000);
});

/** The key without what makes no difference. */
function plain(value: unknown): unknown {
  if (Object.is(value, -0)) return 0;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const parts = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(parts.map(([name, part]) => [name, plain(part)]).sort());
}

test('30,000 record ids are taken apart into what they were made of', () => {
  const names = ['work', 'a/b', '%2F', 'wörk', 'a b', '..', '%', 'x'.repeat(100)];
  const { understood } = fuzz(
    30_000,
    (dice) => ({ environment: pick(names, dice), operation: pick(names, dice), run: dice(3) }),
    (parts) => {
      const id = recordIdOf(keyPrefix(parts), 'key');
      const { environment, operation, run } = parseRecordId(id)!;
      assert.deepEqual({ environment, operation, run }, parts);
      return true;
    },
  );
  expect(understood).toBe(30_000);
});
