import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Options, transform as swc } from '@swc/core';
import { transform as esbuild } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const fixtures = fileURLToPath(new URL('./fixtures', import.meta.url));
// In the package, so that what is compiled finds what the package has installed.
const folder = fileURLToPath(new URL('../.cache/compilers', import.meta.url));

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Compiles a fixture to a module with that name, with legacy decorators or standard ones. */
type Compile = (fixture: string, out: string, legacy: boolean) => Promise<void>;

const transformed =
  (transform: (text: string, legacy: boolean) => Promise<string>): Compile =>
  async (fixture, out, legacy) => {
    const text = readFileSync(join(fixtures, `${fixture}.ts`), 'utf8');
    writeFileSync(join(folder, `${out}.js`), await transform(text, legacy));
  };

const compilers: Readonly<Record<string, Compile>> = {
  async tsc(fixture, out, legacy) {
    const project = join(folder, out);
    mkdirSync(project);
    writeFileSync(
      join(project, `${out}.ts`),
      readFileSync(join(fixtures, `${fixture}.ts`), 'utf8'),
    );
    const compilerOptions = {
      target: 'es2022',
      module: 'nodenext',
      types: ['node'],
      strict: true,
      skipLibCheck: true,
      experimentalDecorators: legacy,
      emitDecoratorMetadata: legacy,
      outDir: '..',
    };
    const config = join(project, 'tsconfig.json');
    writeFileSync(config, JSON.stringify({ compilerOptions, files: [`${out}.ts`] }));
    await run('tsc', ['-p', config]);
  },
  swc: transformed(async (text, legacy) => {
    const options: Options = {
      swcrc: false,
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: legacy
          ? { legacyDecorator: true, decoratorMetadata: true }
          : { decoratorVersion: '2022-03' },
      },
      module: { type: 'es6' },
    };
    return (await swc(text, options)).code;
  }),
  esbuild: transformed(async (text, experimentalDecorators) => {
    const { code } = await esbuild(text, {
      loader: 'ts',
      format: 'esm',
      target: 'es2022',
      tsconfigRaw: { compilerOptions: { experimentalDecorators } },
    });
    return code;
  }),
};

async function report(out: string): Promise<unknown> {
  const { stdout } = await run(process.execPath, [join(folder, `${out}.js`)]);
  return JSON.parse(stdout);
}

describe.each(Object.entries(compilers))('%s', (name, compile) => {
  test('builds an application in Nest’s decorators', async () => {
    await compile('application', `${name}-application`, true);
    const done = { done: 'refund 1 in EUR', records: 1 };
    expect(await report(`${name}-application`)).toEqual([
      [done, null],
      [done, 'true'],
      [done, null],
    ]);
  });

  test('builds a provider with a standard decorator', async () => {
    await compile('standard', `${name}-standard`, false);
    expect(await report(`${name}-standard`)).toEqual([
      'refund 1 in EUR',
      'refund 1 in EUR',
      'refund 2 in EUR',
    ]);
  });
});
