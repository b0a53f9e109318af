// Makes the file of an older version from a commit: pnpm --filter @twiceproof/conformance older-version [commit]
// With --check it changes nothing, and says whether the file that is there is what the commit makes.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';
import { olderCommit, packedVersion } from './older-version.ts';

const stores = ['dynamodb', 'mysql', 'postgres', 'redis', 'sqlite'];

/** What a process of the test needs of a version. */
const entry = `
export { createIdempotency, isIdempotencyError } from '@twiceproof/core';
export { dynamodbStore } from '@twiceproof/dynamodb';
export { mysqlStore } from '@twiceproof/mysql';
export { postgresStore } from '@twiceproof/postgres';
export { redisStore } from '@twiceproof/redis';
export { sqliteStore } from '@twiceproof/sqlite';
`;

/** The packages of a commit, with what its lockfile says that they were installed with. */
function checkOut(commit: string, folder: string): void {
  const archive = execFileSync('git', ['archive', '--format=tar', commit], {
    cwd: execFileSync('git', ['rev-parse', '--show-toplevel'], { encoding: 'utf8' }).trim(),
    maxBuffer: 1024 ** 3,
  });
  run('tar', ['-x'], folder, archive);
  const { packageManager } = manifestIn(folder) as { packageManager: string };
  const needed = [...stores, 'core'].map((name) => `--filter=@twiceproof/${name}...`);
  const install = ['install', '--frozen-lockfile', '--ignore-scripts', ...needed];
  run('npx', ['-y', packageManager, ...install], folder);
}

function run(command: string, args: readonly string[], cwd: string, input?: Buffer): void {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, input });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stdout}${stderr}`);
}

function manifestIn(folder: string): { readonly exports?: unknown } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** Packages of the workspace, from the sources that their entries are built from. */
function fromSources(folder: string): Plugin {
  return {
    name: 'from-sources',
    setup({ onResolve }) {
      onResolve({ filter: /^@twiceproof\// }, ({ path }) => {
        const [, name, ...rest] = path.split('/');
        const place = join(folder, 'packages', name!);
        const entries = manifestIn(place).exports as Record<string, { readonly default: string }>;
        const file = entries[['.', ...rest].join('/')]!.default;
        return { path: join(place, file.replace('/dist/', '/src/').replace(/\.js$/, '.ts')) };
      });
    },
  };
}

async function bundleOf(commit: string): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'twiceproof-older-'));
  try {
    checkOut(commit, folder);
    const { outputFiles } = await build({
      ...{ stdin: { contents: entry, resolveDir: folder }, absWorkingDir: folder },
      ...{ bundle: true, minify: true, platform: 'node', format: 'esm', write: false },
      // What the user installs beside it: as large as all the rest, and the same for both.
      external: ['@aws-sdk/*'],
      plugins: [fromSources(folder)],
    });
    return Buffer.from(outputFiles![0]!.contents);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { check: { type: 'boolean', default: false } },
});
const [commit = olderCommit] = positionals;
const file = packedVersion(commit);
const bundle = await bundleOf(commit);
if (!values.check) writeFileSync(file, gzipSync(bundle, { level: 9 }));
const isSame = gunzipSync(readFileSync(file)).equals(bundle);
console.log(`${file} ${isSame ? 'is' : 'is not'} what ${commit} makes`);
process.exitCode = isSame ? 0 : 1;
