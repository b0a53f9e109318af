import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from './cache-folder.ts';
import { withFileLock } from './file-lock.ts';

const run = promisify(execFile);

/**
 * Unpacks Debian packages into the cache folder, without installing them, and answers the folder.
 * `cure` ends the error that says why they could not be had. With a `release`, they are of that one, whatever
 * this machine has.
 */
export async function debianPackages(
  name: string,
  packages: readonly string[],
  cure: string,
  release?: string,
): Promise<string> {
  const folder = join(cacheFolder(), name);
  if (existsSync(folder)) return folder;
  await withFileLock(`${folder}.lock`, async () => {
    if (existsSync(folder)) return;
    const work = await mkdtemp(`${folder}.`);
    try {
      await download(packages, work, release === undefined ? [] : await optionsOf(release, work));
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

async function download(
  packages: readonly string[],
  cwd: string,
  options: readonly string[] = [],
): Promise<void> {
  const get = () => run('apt-get', [...options, 'download', '-q', ...packages], { cwd });
  try {
    await get();
  } catch {
    // A fresh machine has no package lists, and an older one asks for versions that are gone.
    await run('apt-get', [...options, 'update', '-q']);
    await get();
  }
}

/** How apt is to look at another release of Debian, where this machine gets its own from. */
async function optionsOf(release: string, work: string): Promise<readonly string[]> {
  const format = ['--format', '$(SITE)', 'Created-By: Packages', 'Component: main'];
  const { stdout } = await run('apt-get', ['indextargets', ...format]);
  const site = stdout.split('\n').find((line) => line.endsWith('/debian'));
  if (site === undefined) throw new Error('this machine gets no packages from Debian');
  const folder = join(work, 'apt');
  await mkdir(join(folder, 'lists', 'partial'), { recursive: true });
  await mkdir(join(folder, 'cache', 'archives', 'partial'), { recursive: true });
  const keys = 'signed-by=/usr/share/keyrings/debian-archive-keyring.gpg';
  await writeFile(join(folder, 'sources.list'), `deb [${keys}] ${site} ${release} main\n`);
  return [
    `Dir::Etc::sourcelist=${join(folder, 'sources.list')}`,
    'Dir::Etc::sourceparts=-',
    `Dir::State::lists=${join(folder, 'lists')}`,
    `Dir::Cache=${join(folder, 'cache')}`,
    // The folder is ours alone.
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option]);
}

/** The environment in which programs of an unpacked folder find their libraries. */
export function libraryPath(folder: string): Record<string, string> {
  const architecture = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string];
  const paths = [join(folder, 'usr/lib'), join(folder, `usr/lib/${architecture}-linux-gnu`)];
  return { LD_LIBRARY_PATH: paths.join(':') };
}
