import { expect, test } from 'vitest';
import { entriesOf } from './entries.ts';

test('a package is entered by its exports and its commands', () => {
  const exports = {
    '.': { types: './dist/index.d.ts', default: './dist/index.js' },
    './hono': { types: './dist/hono.d.ts', default: './dist/hono.js' },
    './types': { types: './dist/types.d.ts' },
    './package.json': './package.json',
  };
  expect(entriesOf({ exports, bin: { command: './dist/bin.js' } })).toEqual({
    index: 'src/index.ts',
    hono: 'src/hono.ts',
    bin: 'src/bin.ts',
  });
});
