import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { expectProtected } from './billing.ts';
import { compile, compilers, createProject } from './compilers.ts';

const root = mkdtempSync(join(tmpdir(), 'twiceproof-compilers-'));
afterAll(() => rmSync(root, { recursive: true }));

describe.each(compilers)('%s', (compiler) => {
  it.each([
    ['standard', false],
    ['legacy', true],
  ])(
    'takes functions in every form, knows their types, and builds classes whose methods are protected by %s decorators',
    async (kind, legacy) => {
      const folder = join(root, compiler, kind);
      createProject(folder, ['usable-types', 'decorated'], legacy);
      expect(await compile(compiler, folder)).toBe('');
      await expectProtected(pathToFileURL(join(folder, 'out/decorated.js')).href);
    },
  );
});
