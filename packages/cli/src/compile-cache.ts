import module from 'node:module';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { makeFolder } from './make-folder.ts';

/**
 * Keeps compiled code between calls, for a quicker start; Node's own `NODE_COMPILE_CACHE` moves it,
 * and `NODE_DISABLE_COMPILE_CACHE` turns it off. It belongs to the user: what others can write, such
 * as the folder for temporary files, would be run with the rights of an operator.
 */
export function enableCompileCache(): void {
  try {
    const home = homedir();
    if (!isAbsolute(home)) return;
    const folder = join(home, '.cache', 'twiceproof');
    makeFolder(folder);
    module.enableCompileCache(folder);
  } catch {
    // A user without a home, or one that cannot be written to: nothing is kept.
  }
}
