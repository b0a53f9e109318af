import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { twiceproof } from './run-cli.ts';

/** A module that a program loaded: a file, or a part of Node. */
interface LoadedModule {
  readonly url: string;
  readonly bytes: number;
}

/** Has a program say in its last line which modules were loaded. */
const counting = `
  import { registerHooks } from 'node:module';
  const loaded = [];
  registerHooks({
    load(url, context, next) {
      const answer = next(url, context);
      loaded.push({ url, bytes: answer.source?.length ?? 0 });
      return answer;
    },
  });
  process.on('exit', () => process.stderr.write('\\n' + JSON.stringify(loaded)));
`;

const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(counting)}` };

/** What a command loads until it is done. */
export async function loadedByCommand(...args: string[]): Promise<LoadedModule[]> {
  const { code, stderr } = await twiceproof(args, { env });
  if (code !== 0) throw new Error(stderr);
  return toldIn(stderr);
}

/** What the console loads until it listens. */
export async function loadedByConsole(store: string, audit: string): Promise<LoadedModule[]> {
  const bin = join(import.meta.dirname, '../dist/bin.js');
  const args = ['console', '--port', '0', '--store', store, '--audit', audit];
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: tmpdir(),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stderr = text(child.stderr);
  for await (const line of createInterface(child.stdout)) {
    if (/http:\S+/.test(line)) child.kill('SIGTERM');
  }
  return toldIn(await stderr);
}

function toldIn(stderr: string): LoadedModule[] {
  return JSON.parse(stderr.slice(stderr.lastIndexOf('\n') + 1));
}

/** The files of each package of ours: how many, and their bytes. */
export function ownFiles(loaded: readonly LoadedModule[]): Record<string, [number, number]> {
  const own: Record<string, [number, number]> = {};
  for (const { url, bytes } of loaded) {
    const [, name] = /\/packages\/([^/]+)\/dist\//.exec(url) ?? [];
    if (name === undefined) continue;
    const [files, sum] = own[name] ?? [0, 0];
    own[name] = [files + 1, sum + bytes];
  }
  return own;
}
