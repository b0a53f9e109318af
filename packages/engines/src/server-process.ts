import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { executableOnPath } from './executable-on-path.ts';
import { freePort } from './free-port.ts';
import { cleanUpAtExit } from './leftovers.ts';
import { processTree, signal } from './process-tree.ts';

/** A server that this process started, with the handles that chaos tests need. */
export interface ServerProcess {
  readonly port: number;
  /** Of the running server; changes with a restart. */
  readonly pid: number;
  /** Stops the server in its tracks (SIGSTOP), with every process that it started. */
  pause(): void;
  resume(): void;
  /** Ends it at once (SIGKILL), as a crash would; its data stays. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same data; ends it in good order first if it runs. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** How to run a server. */
export interface ServerSpec {
  readonly name: string;
  readonly command: string;
  readonly args: (port: number, folder: string) => readonly string[];
  readonly env?: Record<string, string>;
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** What it prints once it serves. */
  readonly ready: RegExp;
  readonly stopSignal: NodeJS.Signals;
  /** Ends it at once while letting it give back what the operating system would not. */
  readonly crashSignal: NodeJS.Signals;
  /** Prepares the empty data folder. */
  readonly prepare?: (folder: string, port: number) => Promise<void>;
}

const mostMsToEnd = 10_000;

/** Starts a server on a free port of the loopback address, with its data in a temp folder. */
export async function startServer(spec: ServerSpec, tries = 3): Promise<ServerProcess> {
  const folder = await mkdtemp(join(tmpdir(), `twiceproof-${spec.name}-`));
  let child: ChildProcess | undefined;
  const forget = cleanUpAtExit({ pid: () => child?.pid, crashSignal: spec.crashSignal, folder });
  const remove = async () => {
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    forget();
  };

  const end = async (name: NodeJS.Signals) => {
    const ending = child;
    child = undefined;
    if (ending?.pid === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const tree = processTree(ending.pid);
    const exited = once(ending, 'exit');
    ending.ref();
    for (const pid of tree) signal(pid, 'SIGCONT');
    signal(ending.pid, name);
    if (name === 'SIGKILL') for (const pid of tree.slice(1)) signal(pid, name);
    // Redis refuses to end while it cannot save.
    const kill = setTimeout(() => {
      for (const pid of tree) signal(pid, 'SIGKILL');
    }, mostMsToEnd);
    await exited;
    clearTimeout(kill);
    while (tree.some((pid) => signal(pid, 0))) await delay(5);
  };

  const port = await freePort();
  try {
    if (spec.user) chownSync(folder, spec.user.uid, spec.user.gid);
    await spec.prepare?.(folder, port);
    child = await launch(spec, port, folder);
  } catch (error) {
    await remove();
    // Another process took the port between the look and the start.
    if (tries > 1 && /address (is )?already in use/i.test(String(error))) {
      return startServer(spec, tries - 1);
    }
    throw error;
  }

  const running = (): number => {
    if (child?.pid === undefined) throw new Error(`${spec.name} is not running: restart() it`);
    return child.pid;
  };
  return {
    port,
    get pid() {
      return running();
    },
    pause() {
      for (const pid of processTree(running())) signal(pid, 'SIGSTOP');
    },
    resume() {
      for (const pid of processTree(running())) signal(pid, 'SIGCONT');
    },
    kill: () => end('SIGKILL'),
    async restart() {
      await end(spec.stopSignal);
      child = await launch(spec, port, folder);
    },
    async stop() {
      await end(spec.stopSignal);
      await remove();
    },
  };
}

async function launch(spec: ServerSpec, port: number, folder: string): Promise<ChildProcess> {
  const args = spec.args(port, folder);
  // Where the kernel can do it, the server also ends when this process is killed without notice.
  const setpriv = process.platform === 'linux' ? executableOnPath('setpriv') : undefined;
  const [command, ...rest] = setpriv
    ? [setpriv, '--pdeathsig', spec.crashSignal, '--', spec.command, ...args]
    : [spec.command, ...args];
  const child = spawn(command!, rest, {
    ...spec.user,
    cwd: folder,
    env: { ...process.env, ...spec.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C in a terminal reaches the whole process group: it is for this process to end its servers.
    detached: true,
  });
  await new Promise<void>((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4_000);
      if (spec.ready.test(output)) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', (cause) =>
      reject(new Error(`${spec.command} could not be started`, { cause })),
    );
    child.once('close', (code, name) =>
      reject(new Error(`${spec.name} ended with ${code ?? name} instead of serving:\n${output}`)),
    );
  });
  // A server that somebody forgot to stop must not keep this process alive.
  child.unref();
  for (const stream of [child.stdout, child.stderr]) (stream as unknown as Socket).unref();
  return child;
}
