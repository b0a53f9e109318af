import { existsSync, rmSync } from 'node:fs';
import { processTree, signal } from './process-tree.ts';

/** What a started engine would leave behind if this process ended now. */
export interface Leftover {
  readonly pid: () => number | undefined;
  readonly crashSignal: NodeJS.Signals;
  readonly folder: string;
}

const leftovers = new Set<Leftover>();
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
let watching = false;

/** Cleans up when this process exits or is told to end; answers what to call when it is stopped. */
export function cleanUpAtExit(leftover: Leftover): () => void {
  leftovers.add(leftover);
  if (!watching) {
    watching = true;
    process.on('exit', cleanUp);
    for (const name of signals) process.on(name, onSignal);
  }
  return () => leftovers.delete(leftover);
}

function onSignal(name: NodeJS.Signals): void {
  // A program that handles the signal itself may still need its engines to end in good order.
  if (process.listeners(name).some((listener) => listener !== onSignal)) return;
  cleanUp();
  process.off(name, onSignal);
  process.kill(process.pid, name);
}

function cleanUp(): void {
  for (const { pid, crashSignal } of leftovers) {
    const id = pid();
    if (id === undefined) continue;
    for (const each of processTree(id)) signal(each, 'SIGCONT');
    signal(id, crashSignal);
  }
  for (const { folder } of leftovers) remove(folder);
  leftovers.clear();
}

/** Without a turn of the event loop, which there is none of at exit. An ending server still writes
 * into its folder, and then rmSync leaves it, without an error. */
function remove(folder: string): void {
  for (let tries = 100; tries > 0 && existsSync(folder); tries--) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {}
    if (existsSync(folder)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  }
}
