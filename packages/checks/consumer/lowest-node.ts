import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { succeed } from '../src/command.ts';
import { packages, root } from '../src/workspace.ts';

const core = packages.find((each) => each.manifest.name === '@twiceproof/core');
const [lowest] = /\d+\.\d+/.exec(core?.manifest.engines?.node ?? '') ?? [];
if (lowest === undefined) throw new Error('@twiceproof/core does not say which Node it needs');

export const lowestVersion = `${lowest}.0`;

/** The oldest Node that the packages say they support, fetched once from the registry. */
export async function lowestNode(): Promise<string> {
  const folder = join(root, 'node_modules/.cache/twiceproof-checks', `node-${lowestVersion}`);
  const program = join(folder, 'node_modules/node/bin/node');
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "name": "lowest-node", "private": true }\n');
  await succeed('npm', ['install', '--no-audit', '--no-fund', `node@${lowestVersion}`], {
    cwd: folder,
  });
  return program;
}
