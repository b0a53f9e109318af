import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { succeed } from '../src/command.ts';
import { root } from '../src/workspace.ts';

const cache = join(root, 'node_modules/.cache/twiceproof-checks');

/** A program of a package, such as `bun` of `bun@1`, fetched once from the registry. */
export async function fetchedProgram(spec: string, program: string): Promise<string> {
  const name = spec.replaceAll(/[^\w.]+/g, '-');
  const folder = join(cache, name);
  const file = join(folder, 'node_modules', program);
  if (existsSync(file)) return file;
  mkdirSync(cache, { recursive: true });
  const made = mkdtempSync(`${folder}-`);
  writeFileSync(join(made, 'package.json'), '{ "name": "fetched-program", "private": true }\n');
  await succeed('npm', ['install', '--no-audit', '--no-fund', spec], { cwd: made });
  try {
    renameSync(made, folder);
  } catch {
    // Another file of tests was faster.
    rmSync(made, { recursive: true });
  }
  return file;
}
