import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { DemoError } from './demo-error.ts';
import type { FromWorker, ToWorker, WorkerOptions } from './messages.ts';

/** One worker process. */
export interface Worker {
  readonly number: number;
  readonly pid: number;
  send(message: ToWorker): void;
  kill(): void;
}

export interface WorkerPool {
  /** Asks every worker to end after what it has in hand, and waits for that. */
  stop(): Promise<void>;
  /** Ends every worker where it stands. */
  kill(): void;
}

export interface WorkerEvents {
  ready(worker: Worker): void;
  message(worker: Worker, message: FromWorker): void;
  /** The process is gone although nobody asked it to stop; another takes its place. */
  crashed(worker: Worker, how: string): void;
  /** Workers die before they can do anything. */
  hopeless(error: Error): void;
}

const program = fileURLToPath(new URL('./worker.js', import.meta.url));

/** Keeps `count` worker processes going. */
export function startWorkers(
  count: number,
  options: WorkerOptions,
  events: WorkerEvents,
): WorkerPool {
  const processes = new Set<ChildProcess>();
  let stopping = false;

  const start = (number: number): void => {
    const child = fork(program, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const send = (message: ToWorker): void => {
      // A worker that just died is missed at its exit; what it was told is delivered again.
      if (child.connected) child.send(message, () => {});
    };
    const worker: Worker = { number, pid: child.pid!, send, kill: () => child.kill('SIGKILL') };
    let isReady = false;
    processes.add(child);
    child.on('message', (message: FromWorker) => {
      if (message.kind !== 'ready') return events.message(worker, message);
      isReady = true;
      events.ready(worker);
    });
    child.on('exit', (code, signal) => {
      processes.delete(child);
      if (stopping) return;
      if (!isReady) {
        events.hopeless(
          new DemoError(
            `worker ${number} ended before its first delivery (${signal ?? `exit code ${code}`})`,
          ),
        );
        return;
      }
      events.crashed(worker, signal ?? `exit code ${code}`);
      start(number);
    });
    send({ kind: 'start', options });
  };
  for (let number = 1; number <= count; number += 1) start(number);

  return {
    async stop() {
      stopping = true;
      // What a worker said last may come after its end; nothing comes once its channel is closed.
      const ends = [...processes].flatMap((child) => [
        once(child, 'exit'),
        ...(child.connected ? [once(child, 'disconnect')] : []),
      ]);
      for (const child of processes) {
        if (child.connected) child.send({ kind: 'stop' } satisfies ToWorker, () => {});
      }
      await Promise.all(ends);
    },
    kill() {
      stopping = true;
      for (const child of processes) child.kill('SIGKILL');
    },
  };
}
