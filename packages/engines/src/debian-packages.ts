import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from './cache-folder.ts';
import { withFileLock } from './file-lock.ts';

const run = promisify(execFile);

/**
 * Unpacks Debian packages into the cache folder, without installing them, and answers the folder.
 * `cure` ends the error that says why they could not be had.
 */
export async function debianPackages(
  name: string,
  packages: readonly string[],
  cure: string,
): Promise<string> {
  const folder = join(cacheFolder(), name);
  if (existsSync(folder)) return folder;
  await withFileLock(`${folder}.lock`, async () => {
    if (existsSync(folder)) return;
    const work = await mkdtemp(`${folder}.`);
    try {
      await download(packages, work);
      const root = join(work, 'root');
      await mkdir(root);
      for (const file of await readdir(work)) {
        if (file.endsWith('.deb')) await run('dpkg', ['-x', join(work, file), root]);
      }
      await rename(root, folder);
    } catch (cause) {
      throw new Error(`${name} is not on this machine and could not be fetched. ${cure}`, {
        cause,
      });
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
  return folder;
}

async function download(packages: readonly string[], cwd: string): Promise<void> {
  const get = () => run('apt-get', ['download', '-q', ...packages], { cwd });
  try {
    await get();
  } catch {
    // A fresh machine has no package lists, and an older one asks for versions that are gone.
    await run('apt-get', ['update', '-q']);
    await get();
  }
}

/** The environment in which programs of an unpacked folder find their libraries. */
export function libraryPath(folder: string): Record<string, string> {
  const architecture = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string];
  const paths = [join(folder, 'usr/lib'), join(folder, `usr/lib/${architecture}-linux-gnu`)];
  return { LD_LIBRARY_PATH: paths.join(':') };
}
