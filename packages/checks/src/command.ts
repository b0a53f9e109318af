import { type SpawnOptions, spawn } from 'node:child_process';

export interface Finished {
  readonly code: number;
  /** What the command printed, both streams in the order they arrived. */
  readonly output: string;
}

/** Runs a command to its end and answers with its exit code and output; a failing command is an answer too. */
export function command(
  program: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() }),
    );
  });
}

/** Like `command`, for commands that have to succeed. */
export async function succeed(
  program: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<string> {
  const { code, output } = await command(program, args, options);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} exited with ${code}\n${output}`);
  return output;
}
