import { Readable } from 'node:stream';
import { main } from '../src/main.ts';
import type { Ended } from './run-cli.ts';

/** What the program does between pipes, in this process: for the many cases that need no new one. */
export async function runMain(args: readonly string[], cwd: string): Promise<Ended> {
  const texts = { stdout: '', stderr: '' };
  const pipe = (name: 'stdout' | 'stderr') => ({
    write(text: string) {
      texts[name] += text;
    },
  });
  const code = await main(args, {
    stdin: Readable.from([]),
    stdout: pipe('stdout'),
    stderr: pipe('stderr'),
    cwd,
    user: 'tester',
    onInterrupt: () => () => {},
  });
  return { code, ...texts };
}
