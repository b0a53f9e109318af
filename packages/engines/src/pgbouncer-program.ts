import { join } from 'node:path';
import { debianPackages, libraryPath } from './debian-packages.ts';
import { executableOnPath } from './executable-on-path.ts';
import { readableToOthers } from './readable-to-others.ts';
import { unprivilegedUser } from './unprivileged-user.ts';

/** PgBouncer: the one on PATH, else Debian's, fetched into the cache folder. */
export async function pgbouncerProgram(): Promise<{
  command: string;
  env: Record<string, string>;
}> {
  const command = executableOnPath('pgbouncer');
  if (command) return { command, env: {} };
  const fetched = await debianPackages(
    'pgbouncer',
    ['pgbouncer', 'libc-ares2', 'libevent-2.1-7'],
    'Put pgbouncer on PATH, e.g. `apt-get install pgbouncer` or `brew install pgbouncer`.',
  );
  const folder = unprivilegedUser() ? await readableToOthers(fetched, '1') : fetched;
  return { command: join(folder, 'usr/sbin/pgbouncer'), env: libraryPath(folder) };
}
