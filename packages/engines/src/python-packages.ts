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

/** Python with the packages that are required, e.g. `redis==8.1.0`, in a folder named `name`. Undefined
 * where there is no Python, no pip, or no way to fetch them. */
export async function pythonWith(
  name: string,
  requirements: readonly string[],
): Promise<Python | undefined> {
  const command = executableOnPath('python3');
  if (command === undefined) return undefined;
  const folder = join(cacheFolder(), name);
  await withFileLock(`${folder}.lock`, async () => {
    if (existsSync(folder)) return;
    const work = await mkdtemp(`${folder}.`);
    try {
      const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
      await run(command, [...pip, '--target', join(work, 'root'), ...requirements]);
      await rename(join(work, 'root'), folder);
    } catch {
      // The answer says so.
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
  if (!existsSync(folder)) return undefined;
  return { command, env: { ...process.env, PYTHONPATH: folder } };
}
