import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DemoError } from './demo-error.ts';
import type { StateFolder } from './state-folder.ts';

/**
 * Takes the state folder for this process: a second one would ruin the database. The lock is a socket
 * that this process listens on, so it is free again the moment the process is gone, however it went.
 */
export async function lockState(state: StateFolder): Promise<{ unlock(): void }> {
  const path =
    process.platform === 'win32'
      ? `\\\\.\\pipe\\twiceproof-demo-${state.identity}`
      : join(tmpdir(), `twiceproof-demo-${state.identity}.sock`);
  const lock = (await listen(path)) ?? ((await isDead(path)) ? await listenAnew(path) : undefined);
  if (lock) return lock;
  throw new DemoError(
    `another demo is at work in ${state.label}; wait for it, stop it, or choose another folder with --state`,
  );
}

function listen(path: string): Promise<{ unlock(): void } | undefined> {
  const server = createServer((socket) => socket.destroy());
  server.unref();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(path, () => resolve({ unlock: () => void server.close() }));
  });
}

/** Whether the socket was left behind by a process that was killed. */
function isDead(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => resolve(true));
  });
}

function listenAnew(path: string): Promise<{ unlock(): void } | undefined> {
  rmSync(path, { force: true });
  return listen(path);
}
