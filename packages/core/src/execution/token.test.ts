import { expect, test } from 'vitest';
import { newToken } from './token.ts';

test('tokens are 128 random bits each, also when their pool is filled again', () => {
  const tokens = Array.from({ length: 2_000 }, newToken);
  expect(new Set(tokens).size).toBe(2_000);
  for (const token of tokens) expect(token).toMatch(/^[\w-]{21}[AQgw]$/);
});
