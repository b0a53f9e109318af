import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { debianPackages, libraryPath } from './debian-packages.ts';

/** A MariaDB that runs from a folder. */
export interface MariadbProgram {
  readonly command: string;
  readonly env: Record<string, string>;
  /** What it needs to be told always. */
  readonly args: readonly string[];
  /** Where it has its own tables as SQL. */
  readonly share: string;
}

/** Debian's MariaDB, fetched into the cache folder. */
export async function mariadbProgram(): Promise<MariadbProgram> {
  const folder = await debianPackages(
    'mariadb-10.11',
    ['mariadb-server-core', 'mariadb-common', 'libaio1', 'liburing2', 'libnuma1'],
    'Set MYSQL_URL to a MariaDB or MySQL of yours, e.g. mysql://root@127.0.0.1:3306/test.',
  );
  const share = join(folder, 'usr/share/mysql');
  const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];
  return {
    command: join(folder, 'usr/sbin/mariadbd'),
    env: libraryPath(folder),
    args: [`--basedir=${join(folder, 'usr')}`, `--lc-messages-dir=${share}`, ...asRoot],
    share,
  };
}

/** Fills an empty data folder with the server's own tables, and an empty database. */
export async function prepareMariadbData(
  { command, env, args, share }: MariadbProgram,
  folder: string,
): Promise<void> {
  const tables = ['mysql_system_tables.sql', 'mysql_system_tables_data.sql'];
  const sql = await Promise.all(tables.map((name) => readFile(join(share, name), 'utf8')));
  // Its temporary tables have names that another one, begun at the same time, would use as well.
  const own = [`--datadir=${folder}`, `--tmpdir=${folder}`];
  const bootstrap = ['--no-defaults', '--bootstrap', ...own, ...args];
  const child = spawn(command, bootstrap, {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-4_000);
  });
  child.stdin.end(
    ['CREATE DATABASE mysql;', 'USE mysql;', ...sql, 'CREATE DATABASE twiceproof;', ''].join('\n'),
  );
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`MariaDB could not make its tables:\n${output}`);
}
