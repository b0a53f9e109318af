import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { debianPackages } from './debian-packages.ts';
import { executableOnPath } from './executable-on-path.ts';
import type { RedisProgram } from './redis-program.ts';

/** The release of Debian that has Valkey 8.1. */
const release = 'trixie';

/**
 * A Valkey server of 8.1 or newer: the one on PATH, else Debian's, fetched into the cache folder with the
 * C library that it was made for, whatever the release of this machine.
 */
export async function valkeyProgram(): Promise<RedisProgram> {
  const found = executableOnPath('valkey-server');
  if (found) return { command: found, env: {} };
  const folder = await debianPackages(
    'valkey-8',
    [
      'valkey-server',
      'valkey-tools',
      'libc6',
      'libgcc-s1',
      'libatomic1',
      'libcap2',
      'libjemalloc2',
      'liblua5.1-0',
      'liblzf1',
      'libssl3t64',
      'libsystemd0',
      'libzstd1',
      'lua-bitop',
      'lua-cjson',
      'zlib1g',
    ],
    'Put valkey-server (8.1 or newer) on PATH, e.g. `brew install valkey`.',
    release,
  );
  const libraries = join(folder, 'usr/lib', await multiarchOf(join(folder, 'usr/lib')));
  const loader = (await readdir(libraries)).find((name) => /^ld-linux-.*\.so\.\d$/.test(name));
  if (loader === undefined) throw new Error(`no loader of programs is in ${libraries}`);
  return {
    command: join(libraries, loader),
    env: {},
    before: ['--library-path', libraries, join(folder, 'usr/bin/valkey-server')],
  };
}

async function multiarchOf(folder: string): Promise<string> {
  const names = await readdir(folder);
  const found = names.find((name) => name.endsWith('-linux-gnu'));
  if (found === undefined) throw new Error(`${folder} has no libraries of an architecture`);
  return found;
}
