import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from './cache-folder.ts';
import { withFileLock } from './file-lock.ts';

const run = promisify(execFile);

export interface PostgresData {
  /** The folder of `initdb`. */
  readonly bin: string;
  readonly version: number;
  readonly env: Record<string, string>;
  /** Whose the data must be, where that is not this process's user. */
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
}

/**
 * Puts an empty database cluster into the folder: a copy of one that initdb made once. That takes a
 * fraction of the processor time of initdb, and suites start many servers.
 */
export async function preparePostgresData(folder: string, data: PostgresData): Promise<void> {
  await copyFolder(await preparedOnce(data), folder);
  const { user } = data;
  if (user) await run('chown', ['-R', `${user.uid}:${user.gid}`, folder]);
}

async function preparedOnce(data: PostgresData): Promise<string> {
  const prepared = join(cacheFolder(), `postgres-${data.version}-data`);
  if (existsSync(prepared)) return prepared;
  await withFileLock(`${prepared}.lock`, async () => {
    if (existsSync(prepared)) return;
    // The server's user may have no access to the cache folder.
    const work = await mkdtemp(join(tmpdir(), 'twiceproof-initdb-'));
    const copy = await mkdtemp(`${prepared}.`);
    try {
      await initdb(work, data);
      await copyFolder(work, copy);
      await rename(copy, prepared);
    } finally {
      await rm(work, { recursive: true, force: true });
      await rm(copy, { recursive: true, force: true });
    }
  });
  return prepared;
}

async function initdb(folder: string, { bin, env, user }: PostgresData): Promise<void> {
  if (user) await chown(folder, user.uid, user.gid);
  await run(
    join(bin, 'initdb'),
    ['-D', folder, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--no-sync'],
    { ...user, cwd: folder, env: { ...process.env, ...env } },
  );
}

async function copyFolder(from: string, to: string): Promise<void> {
  // Node's own copies file by file in the thread pool, which costs three times as much.
  if (process.platform === 'win32') await cp(from, to, { recursive: true });
  else await run('cp', ['-a', `${from}/.`, to]);
}
