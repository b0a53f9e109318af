import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command, succeed } from '../src/command.ts';
import { packages, root } from '../src/workspace.ts';

/** An empty folder outside the workspace, as a user of the packages has one. */
export interface Project {
  readonly folder: string;
  install(...specs: readonly string[]): Promise<string>;
  /** What the compiler says of the project's own files and of our packages. */
  compile(files: Readonly<Record<string, string>>): Promise<string[]>;
  remove(): void;
}

export function createProject(): Project {
  const folder = mkdtempSync(join(tmpdir(), 'twiceproof-consumer-'));
  writeFileSync(join(folder, 'package.json'), '{ "name": "consumer", "private": true }\n');
  return {
    folder,
    install: (...specs) =>
      succeed('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...specs], {
        cwd: folder,
      }),
    compile: (files) => compile(folder, files),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The tarball that would be published, as the package check has left it. */
export function tarball(name: string): string {
  const found = packages.find((each) => each.manifest.name === name);
  if (found === undefined) throw new Error(`${name} is not a package of this workspace`);
  const file = join(root, found.path, 'package.tgz');
  if (!existsSync(file)) throw new Error(`${name} is not packed: run pnpm check:package first`);
  return file;
}

/** A third-party package in the very version that the workspace tests with. */
export function sameVersion(name: string): string {
  const holders = ['', ...packages.map((each) => each.path)];
  for (const holder of holders) {
    try {
      const manifest = join(root, holder, 'node_modules', name, 'package.json');
      return `${name}@${JSON.parse(readFileSync(manifest, 'utf8')).version}`;
    } catch {}
  }
  throw new Error(`no package of this workspace depends on ${name}`);
}

/** The packages of ours that a project has installed. */
export function ours(project: Project): string[] {
  return readdirSync(join(project.folder, 'node_modules/@twiceproof')).map(
    (name) => `@twiceproof/${name}`,
  );
}

const options = {
  compilerOptions: {
    target: 'es2022',
    module: 'nodenext',
    lib: ['es2022'],
    types: ['node'],
    strict: true,
    skipLibCheck: false,
  },
};

async function compile(folder: string, files: Readonly<Record<string, string>>): Promise<string[]> {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const config = { ...options, files: Object.keys(files) };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const { output } = await command('tsc', ['--pretty', 'false'], { cwd: folder });
  const foreign = /^node_modules\/(?!@twiceproof\/)|^\s/;
  return output.split('\n').filter((line) => line !== '' && !foreign.test(line));
}
