import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from './cache-folder.ts';
import { executableOnPath } from './executable-on-path.ts';
import { withFileLock } from './file-lock.ts';

const run = promisify(execFile);

/** Python with some packages: the program, and the environment to run it in. */
export interface Python {
  readonly command: string;
  readonly env: NodeJS.ProcessEnv;
}

export const howToHavePython = 'put python3 with pip on PATH';

/** Python with the packages that are required, e.g. `redis==8.1.0`, in a folder named `name`. Rejects
 * where there is no Python, no pip, or no way to fetch them. */
export async function pythonWith(name: string, requirements: readonly string[]): Promise<Python> {
  const command = executableOnPath('python3');
  if (command === undefined) throw new Error(`there is no Python: ${howToHavePython}`);
  const folder = join(cacheFolder(), name);
  await withFileLock(`${folder}.lock`, async () => {
    if (existsSync(folder)) return;
    const work = await mkdtemp(`${folder}.`);
    try {
      const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
      await run(command, [...pip, '--target', join(work, 'root'), ...requirements]);
      await rename(join(work, 'root'), folder);
    } catch (cause) {
      const wanted = requirements.join(', ');
      throw new Error(`${wanted} could not be fetched: ${howToHavePython}`, { cause });
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
  return { command, env: { ...process.env, PYTHONPATH: folder } };
}
