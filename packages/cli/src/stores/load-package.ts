import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { usage } from '../failure.ts';

/**
 * Imports a package that only some stores need: as a neighbour of this one, or as the project has it
 * in whose folder the command is run. `installed` is everything that the store needs.
 */
export async function loadPackage<Module>(
  name: string,
  cwd: string,
  installed: readonly string[],
): Promise<Module> {
  try {
    return (await import(name)) as Module;
  } catch (error) {
    if (!isMissing(error, name)) throw error;
  }
  let path: string;
  try {
    path = createRequire(join(cwd, 'package.json')).resolve(name);
  } catch (cause) {
    throw usage(`${name} is not installed: npm install ${installed.join(' ')}`, { cause });
  }
  return (await import(pathToFileURL(path).href)) as Module;
}

function isMissing(error: unknown, name: string): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ERR_MODULE_NOT_FOUND' && message.includes(`'${name}'`);
}
