import { existsSync, statSync } from 'node:fs';
import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/**
 * A folder that another user can read: itself where every folder above lets others pass, else a
 * copy in the temp folder. A home of root usually lets nobody pass.
 */
export async function readableToOthers(folder: string, version: string): Promise<string> {
  if (othersMayPass(folder)) return folder;
  const copy = join(tmpdir(), `twiceproof-engines-${basename(folder)}-${version}`);
  if (existsSync(copy)) return copy;
  const work = await mkdtemp(`${copy}.`);
  try {
    await cp(folder, join(work, 'copy'), { recursive: true, verbatimSymlinks: true });
    await rename(join(work, 'copy'), copy);
  } catch (error) {
    if (!existsSync(copy)) throw error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return copy;
}

function othersMayPass(folder: string): boolean {
  if ((statSync(folder).mode & 0o001) === 0) return false;
  return dirname(folder) === folder || othersMayPass(dirname(folder));
}
