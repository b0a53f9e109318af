import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { PassThrough } from 'node:stream';
import { setTimeout } from 'node:timers/promises';

/** A server that a reader has started. */
export interface RunningProgram {
  readonly port: number;
  /** What it prints, from now on. */
  readonly output: PassThrough;
  /** The lines that it has printed so far. */
  said(): string[];
  stop(): Promise<void>;
}

/** Runs a program that listens on `PORT`, and answers when it does. */
export async function startProgram(file: string, env: NodeJS.ProcessEnv): Promise<RunningProgram> {
  const port = await freePort();
  const child = spawn(process.execPath, [file], {
    env: { ...process.env, ...env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const output = new PassThrough();
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      text += String(chunk);
      output.write(chunk);
    });
  }
  output.resume();
  while (!(await isListening(port))) {
    if (child.exitCode !== null) throw new Error(`${file} ended with ${child.exitCode}: ${text}`);
    await setTimeout(20);
  }
  return {
    port,
    output,
    said: () => text.split('\n'),
    async stop() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
