import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const fixtures = fileURLToPath(new URL('./fixtures', import.meta.url));
const nodeTypes = dirname(dirname(require.resolve('@types/node/package.json')));

/** Every TypeScript that the packages are for, by the name under which it is installed here. */
export const compilers = [
  'typescript-5.4',
  'typescript-5.6',
  'typescript-5.9',
  'typescript-6',
  'typescript',
];

/** A user's project with these sources of `fixtures`, and the packages as they are built. */
export function createProject(
  folder: string,
  sources: readonly string[],
  experimentalDecorators: boolean,
): void {
  mkdirSync(folder, { recursive: true });
  const text = (name: string): string => readFileSync(join(fixtures, `${name}.ts`), 'utf8');
  for (const name of sources) writeFileSync(join(folder, `${name}.ts`), text(name));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  mkdirSync(join(folder, 'node_modules/@twiceproof'), { recursive: true });
  for (const name of ['core', 'memory']) {
    const built = fileURLToPath(new URL(`../../${name}`, import.meta.url));
    symlinkSync(built, join(folder, 'node_modules/@twiceproof', name));
  }
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    lib: ['es2022'],
    types: ['node'],
    typeRoots: [nodeTypes],
    strict: true,
    // The packages' own declarations are checked on each compiler where their tarballs are installed:
    // packages/checks/consumer/type-resolution.test.ts.
    skipLibCheck: true,
    experimentalDecorators,
    outDir: 'out',
  };
  const files = sources.map((name) => `${name}.ts`);
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
}

/** What a compiler says of a project; nothing if it likes it. */
export function compile(compiler: string, folder: string): Promise<string> {
  const program = join(dirname(require.resolve(`${compiler}/package.json`)), 'bin', 'tsc');
  return new Promise((resolve) => {
    execFile(process.execPath, [program, '-p', folder], (error, stdout, stderr) => {
      resolve(error ? `${stdout}${stderr}` || error.message : '');
    });
  });
}
