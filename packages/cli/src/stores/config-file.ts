import { existsSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TwiceproofConfig } from '../config.ts';
import { usage } from '../failure.ts';

const names = ['twiceproof.config.ts', 'twiceproof.config.js', 'twiceproof.config.mjs'];

/** The configuration file of a folder, or the one that was named; undefined if there is none. */
export function findConfigFile(cwd: string, given: string | undefined): string | undefined {
  if (given === undefined) return names.map((name) => resolve(cwd, name)).find(existsSync);
  const path = resolve(cwd, given);
  if (!existsSync(path)) throw usage(`${given} is not there; correct --config, or leave it out`);
  return path;
}

/** What the file exports by default. */
export async function loadConfigFile(path: string): Promise<TwiceproofConfig> {
  const file = basename(path);
  let loaded: { readonly default?: unknown };
  try {
    loaded = (await import(pathToFileURL(path).href)) as typeof loaded;
  } catch (cause) {
    throw usage(`${file} cannot be loaded: ${reasonOf(cause, path)}`, { cause });
  }
  const config = loaded.default as Partial<TwiceproofConfig> | null | undefined;
  if (typeof config !== 'object' || config === null) {
    throw usage(
      `${file} exports no configuration; end it with: export default defineConfig({ store: … })`,
    );
  }
  if (typeof config.store?.list !== 'function') {
    throw usage(
      `${file} has no store; give one, for example defineConfig({ store: redisStore({ client }) })`,
    );
  }
  return config as TwiceproofConfig;
}

function reasonOf(cause: unknown, path: string): string {
  const { code } = cause as NodeJS.ErrnoException;
  // The release that reads it is named here, for the message of Node itself does not.
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION' && /^\.m?ts$/.test(extname(path))) {
    return `Node ${process.versions.node} does not read TypeScript; use Node 22.18 or newer, or write the file in JavaScript`;
  }
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') {
    return 'it uses TypeScript that Node cannot strip, such as enum or namespace; leave that out';
  }
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
}
