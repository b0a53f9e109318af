import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { main } from '../src/main.ts';
import { answerOf, type Ended } from './run-cli.ts';

export interface MainOptions {
  readonly cwd?: string;
  readonly input?: string;
}

/** What the program does between pipes, in this process: for the many cases that need no new one. */
export async function runMain(
  args: readonly string[],
  { cwd = tmpdir(), input = '' }: MainOptions = {},
): Promise<Ended> {
  const texts = { stdout: '', stderr: '' };
  const pipe = (name: 'stdout' | 'stderr') => ({
    write(text: string) {
      texts[name] += text;
    },
  });
  const code = await main(args, {
    stdin: Readable.from([input]),
    stdout: pipe('stdout'),
    stderr: pipe('stderr'),
    cwd,
    user: 'tester',
    onInterrupt: () => () => {},
  });
  return { code, ...texts };
}

/** What a command answers as JSON; throws unless it ends with the code. */
export async function runMainJson<Answer>(
  args: readonly string[],
  { code, ...options }: MainOptions & { readonly code?: number } = {},
): Promise<Answer> {
  return answerOf(await runMain([...args, '--json'], options), code);
}
