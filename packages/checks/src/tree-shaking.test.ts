import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { rolldown } from 'rolldown';
import { describe, expect, test } from 'vitest';
import { root } from './workspace.ts';

/** A file that a bundler makes. */
interface Chunk {
  readonly text: string;
  /** The files of which there is anything in it. */
  readonly from: readonly string[];
  /** Of other chunks that are read with it, and not on demand. */
  readonly imports: readonly string[];
}

/** What is read when a program starts. */
interface Bundled {
  readonly bytes: number;
  /** Files of our packages that there is anything of. */
  readonly files: readonly string[];
}

// Whence core, memory and itself are found.
const holder = join(root, 'packages/http');

function readWith(entry: string, chunks: ReadonlyMap<string, Chunk>): Bundled {
  const read = new Set([entry]);
  for (const name of read) for (const other of chunks.get(name)?.imports ?? []) read.add(other);
  const made = [...read].flatMap((name) => chunks.get(name) ?? []);
  const ours = made.flatMap(({ from }) =>
    from.flatMap((file) => /packages\/([\w-]+\/dist\/.+\.js)$/.exec(file)?.[1] ?? []),
  );
  return { bytes: made.reduce((sum, { text }) => sum + text.length, 0), files: ours.toSorted() };
}

async function byEsbuild(contents: string): Promise<Bundled> {
  const { metafile, outputFiles } = await build({
    stdin: { contents, resolveDir: holder },
    bundle: true,
    format: 'esm',
    platform: 'node',
    // So that what is loaded on demand is a file of its own.
    splitting: true,
    outdir: holder,
    write: false,
    metafile: true,
    logLevel: 'error',
    absWorkingDir: root,
  });
  const names = Object.keys(metafile.outputs);
  const chunks = names.map((name): [string, Chunk] => {
    const { imports, inputs } = metafile.outputs[name]!;
    const used = Object.keys(inputs).filter((input) => inputs[input]!.bytesInOutput > 0);
    return [
      name,
      {
        text: outputFiles.find(({ path }) => path === resolve(root, name))!.text,
        from: used,
        imports: imports.flatMap(({ kind, path }) => (kind === 'import-statement' ? path : [])),
      },
    ];
  });
  const entry = names.find((name) => metafile.outputs[name]!.entryPoint === '<stdin>')!;
  return readWith(entry, new Map(chunks));
}

async function byRolldown(program: string): Promise<Bundled> {
  const entry = join(holder, 'program.js');
  const given = {
    name: 'program',
    resolveId: (id: string) => (id === entry ? id : null),
    load: (id: string) => (id === entry ? program : null),
  };
  const made = await rolldown({ input: entry, platform: 'node', plugins: [given] });
  const { output } = await made.generate({ format: 'esm' });
  await made.close();
  const chunks = output.flatMap((each): [string, Chunk][] =>
    each.type === 'chunk'
      ? [[each.fileName, { text: each.code, from: each.moduleIds, imports: each.imports }]]
      : [],
  );
  return readWith(output[0].fileName, new Map(chunks));
}

describe.each([
  // It keeps what is imported on demand, whoever imports it, and with it what that has of core.
  ['esbuild', byEsbuild, 0.52],
  ['Rolldown', byRolldown, 0.02],
] as const)('bundled by %s', (_, bundled, most) => {
  test('a package of which nothing is used leaves nothing', async () => {
    const { bytes, files } = await bundled(`
      import '@twiceproof/core';
      import '@twiceproof/core/toolkit';
      import '@twiceproof/memory';
      import { idempotencyKey } from '@twiceproof/http';
      console.log('nothing');
    `);
    expect(files).toEqual([]);
    expect(bytes).toBeLessThan(200);
  });

  test('what a browser calls with brings its own file along, and not core', async () => {
    const { files } = await bundled(
      `export { withIdempotencyKey } from '@twiceproof/http/client';`,
    );
    expect(files).toEqual(['http/dist/client.js']);
  });

  test('what operators do with records stays a part that is read on demand', async () => {
    const { files } = await bundled(`export { createIdempotency } from '@twiceproof/core';`);
    expect(files).toEqual(['core/dist/core.part.js']);
  });

  test('of core, who only catches its errors has little more than them', async () => {
    const whole = await bundled(`export * from '@twiceproof/core';`);
    const part = await bundled(`export { isIdempotencyError } from '@twiceproof/core';`);
    expect(part.bytes / whole.bytes).toBeLessThan(most);
  });
});
