import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** The built program. */
export const bin: string = join(import.meta.dirname, '../dist/bin.js');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the built program, as a shell would, in a folder without configuration unless given. */
export async function twiceproof(
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  const { cwd = tmpdir(), input = '', env } = options;
  const child = spawn(process.execPath, [bin, ...args], { cwd, env: { ...process.env, ...env } });
  child.stdin.end(input);
  const [code, stdout, stderr] = await Promise.all([
    new Promise<number | null>((resolve) => child.once('close', resolve)),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}

/** What a command answers as JSON; throws unless it ends with the code. */
export async function twiceproofJson<Answer>(
  args: readonly string[],
  options: RunOptions & { readonly code?: number } = {},
): Promise<Answer> {
  return answerOf(await twiceproof([...args, '--json'], options), options.code);
}

/** The document of a command that had to end with the code. */
export function answerOf<Answer>({ code, stdout, stderr }: Ended, expected = 0): Answer {
  if (code !== expected) throw new Error(`it ended with ${code}: ${stderr}${stdout}`);
  return JSON.parse(stdout) as Answer;
}
