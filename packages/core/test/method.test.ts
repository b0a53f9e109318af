import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transform as swc } from '@swc/core';
import { transform as esbuild } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { expectProtected } from './billing.ts';
import { createProject } from './compilers.ts';
import { deployed } from './deployed.ts';

const root = mkdtempSync(join(tmpdir(), 'twiceproof-decorated-'));
afterAll(() => rmSync(root, { recursive: true }));

const source = readFileSync(new URL('./fixtures/decorated.ts', import.meta.url), 'utf8');

/** What makes JavaScript of decorated classes without looking at their types. */
const builders: Readonly<Record<string, (text: string, legacy: boolean) => Promise<string>>> = {
  esbuild: async (text, experimentalDecorators) => {
    const tsconfigRaw = { compilerOptions: { experimentalDecorators } };
    return (await esbuild(text, { loader: 'ts', target: 'es2022', tsconfigRaw })).code;
  },
  swc: async (text, legacyDecorator) => {
    const { code } = await swc(text, {
      swcrc: false,
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator, decoratorVersion: legacyDecorator ? '2021-12' : '2022-03' },
      },
      module: { type: 'es6' },
    });
    return code;
  },
};

let builds = 0;

async function build(builder: string, text: string, legacy: boolean): Promise<string> {
  const file = join(root, `${builder}-${++builds}.mjs`);
  writeFileSync(file, await builders[builder]!(text, legacy));
  return pathToFileURL(file).href;
}

const misplaced: readonly [kind: string, legacy: boolean, text: string][] = [
  ['field', false, 'class A { @decorate run = async () => 1 }'],
  ['getter', false, 'class A { @decorate get run() { return async () => 1 } }'],
  ['setter', false, 'class A { @decorate set run(value) {} }'],
  ['accessor', false, 'class A { @decorate accessor run = async () => 1 }'],
  ['class', false, '@decorate class A { run() {} }'],
  ['generator function', false, 'class A { @decorate async *run() { yield 1 } }'],
  ['field', true, 'class A { @decorate run = async () => 1 }'],
  ['getter', true, 'class A { @decorate get run() { return async () => 1 } }'],
  ['getter', true, 'class A { @decorate set run(value) {} }'],
  ['parameter', true, 'class A { run(@decorate id: string) {} }'],
  ['class', true, '@decorate class A { run() {} }'],
  ['generator function', true, 'class A { @decorate *run() { yield 1 } }'],
];

describe.each(Object.keys(builders))('method, built by %s', (builder) => {
  it.each([
    ['standard', false],
    ['legacy', true],
  ])('protects methods with %s decorators', async (_, legacy) => {
    await expectProtected(await build(builder, source, legacy));
  });

  it.each(misplaced)(
    'refuses a %s where the class is defined (legacy: %s)',
    async (kind, legacy, text) => {
      const module = `export const define = (decorate) => { ${text}; return A }`;
      const { define } = await import(/* @vite-ignore */ await build(builder, module, legacy));
      const decorate = deployed().idempotency.method({ operation: 'run', key: () => 'k' });
      expect(() => define(decorate)).toThrow(/^OPTIONS_INVALID: method of 'run'/);
      expect(() => define(decorate)).toThrow(kind);
    },
  );
});

describe('method, run by tsx', () => {
  it.each([
    ['standard', false],
    ['legacy', true],
  ])('protects methods with %s decorators', (kind, legacy) => {
    const folder = join(root, kind);
    createProject(folder, ['decorated'], legacy);
    writeFileSync(
      join(folder, 'main.ts'),
      `import { createIdempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { billingOf } from './decorated.ts';
const idempotency = createIdempotency({ environment: 'tsx', store: memoryStore() });
const { billing, ping } = billingOf(idempotency, 'EUR');
for (let time = 0; time < 2; time++) await billing.refund({ id: 'r1' }, 5);
console.log(billing.refunds, await ping(), await ping());
`,
    );
    const loader = import.meta.resolve('tsx');
    const main = join(folder, 'main.ts');
    const output = execFileSync(process.execPath, ['--import', loader, main], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(output.trim()).toBe('1 pong 1 pong 1');
  });
});

describe('method, with reflect-metadata in the process', () => {
  it('keeps what decorators below it have noted on the method', () => {
    const notes = new Map<unknown, Map<unknown, unknown>>();
    const metadata = {
      getOwnMetadataKeys: (target: object) => [...(notes.get(target)?.keys() ?? [])],
      getOwnMetadata: (key: unknown, target: object) => notes.get(target)?.get(key),
      defineMetadata: (key: unknown, value: unknown, target: object) => {
        notes.set(target, (notes.get(target) ?? new Map()).set(key, value));
      },
    };
    Object.assign(Reflect, metadata);
    try {
      const method = async (id: string) => id;
      metadata.defineMetadata('path', '/refunds', method);
      const decorate = deployed().idempotency.method({ operation: 'run' });
      const { value } = decorate({}, 'run', { value: method, configurable: true });
      expect(value).not.toBe(method);
      expect(metadata.getOwnMetadata('path', value!)).toBe('/refunds');
    } finally {
      for (const name of Object.keys(metadata)) Reflect.deleteProperty(Reflect, name);
    }
  });
});
