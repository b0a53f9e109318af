import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generate, target } from '../generate-scripts.ts';

test('the embedded scripts are those of src/lua: run `pnpm generate` after a change', () => {
  expect(readFileSync(target, 'utf8')).toBe(generate());
});
