import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Call, Fault } from './history/event.ts';
import { now } from './now.ts';
import type { Provider } from './provider.ts';
import { beyondLeaseMs } from './timing.ts';
import type { FromWorker, Mishap, ToWorker } from './worker/messages.ts';

const program = fileURLToPath(new URL('../dist/worker/worker.js', import.meta.url));

export interface FleetOptions {
  readonly start: Omit<ToWorker & { kind: 'start' }, 'kind'>;
  readonly provider: Provider;
  readonly faults: Fault[];
  /** Asked while a worker is paused: it may hold up all others. */
  readonly isLocked?: (() => boolean) | undefined;
  /** Of the worker processes' clocks, in their order. */
  readonly clockOffsets: readonly number[];
}

/** Worker processes; one that dies is replaced. */
export interface Fleet {
  readonly calls: readonly Call[];
  /** Keys whose mishap has happened. */
  readonly struck: ReadonlySet<string>;
  /** Has the key's work done by the next worker, until its mishap has happened with that; resolves when it is answered, or its worker dead. */
  call(key: string, mishap?: Mishap): Promise<Call>;
  /** Ends a worker where it stands (SIGKILL), or stops it for longer than a lease. */
  kill(): void;
  pause(name: string): void;
  /** Makes a worker's clock wrong by so much. */
  setClock(offsetMs: number): void;
  stop(): Promise<void>;
}

interface Worker {
  readonly child: ChildProcess;
  readonly asked: Map<number, (call: Call) => void>;
}

export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const { start, provider, faults, clockOffsets, isLocked } = options;
  const calls: Call[] = [];
  const slots: Promise<Worker>[] = [];
  const struck = new Set<string>();
  let stopping = false;
  let turn = 0;

  const launch = async (slot: number): Promise<Worker> => {
    const child = fork(program, [String(clockOffsets[slot])], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const worker: Worker = { child, asked: new Map() };
    const pid = child.pid!;
    const ready = new Promise<void>((resolve, reject) => {
      child.on('message', (message: FromWorker) => {
        if (message.kind === 'ready') resolve();
        else hear(worker, message);
      });
      child.once('exit', (code, signal) => {
        reject(new Error(`a worker ended before it served: ${signal ?? code}`));
        gone(worker, slot);
      });
    });
    send(child, { kind: 'start', ...start });
    await ready;
    if (stopping) process.kill(pid, 'SIGKILL');
    return worker;
  };

  const hear = (worker: Worker, message: FromWorker) => {
    const pid = worker.child.pid!;
    const answer = (request: number, value: unknown) =>
      send(worker.child, { kind: 'provided', request, answer: value });
    switch (message.kind) {
      case 'provide':
        return answer(message.request, provider.provide(message.effect));
      case 'find':
        return answer(message.request, provider.find(message.downstreamKey, message.fence));
      case 'mishap': {
        const { how, at } = message.mishap;
        struck.add(calls[message.call]!.key);
        if (how === 'kill') worker.child.kill('SIGKILL');
        else pause(worker, `pause at '${at}'`, message.call);
        return;
      }
      case 'stalled': {
        const { from, to } = message;
        faults.push({ name: 'worker did not get to run', kind: 'paused', worker: pid, from, to });
        return;
      }
      case 'slow': {
        const { request, key, from, to } = message;
        faults.push({ name: `slow ${request}`, kind: 'slow', worker: pid, key, from, to });
        return;
      }
      case 'answer': {
        const call = calls[message.call]!;
        call.to = now();
        call.answer = message.answer;
        worker.asked.get(message.call)?.(call);
        worker.asked.delete(message.call);
      }
    }
  };

  const pause = (worker: Worker, name: string, call?: number) => {
    if (!worker.child.kill('SIGSTOP')) return;
    const from = now();
    const pid = worker.child.pid!;
    const fault: Fault = { name, kind: 'paused', worker: pid, from, to: Number.POSITIVE_INFINITY };
    faults.push(fault);
    setTimeout(() => {
      if (isLocked?.()) holdingUp(fault);
    }, beyondLeaseMs / 2);
    setTimeout(() => {
      fault.to = now();
      worker.child.kill('SIGCONT');
      if (call !== undefined) send(worker.child, { kind: 'go on', call });
    }, beyondLeaseMs);
  };

  /** It was stopped in the middle of a write, so the file is away for everybody. */
  const holdingUp = ({ name, from }: Fault) => {
    faults.push({
      name: `${name}, while it held the file`,
      kind: 'away',
      from,
      to: from + beyondLeaseMs,
    });
  };

  const gone = (worker: Worker, slot: number) => {
    const at = now();
    const worksFor = worker.child.pid!;
    if (stopping) return;
    faults.push({
      name: 'kill -9',
      kind: 'killed',
      worker: worksFor,
      from: at,
      to: Number.POSITIVE_INFINITY,
    });
    slots[slot] = launch(slot);
    slots[slot]!.catch(() => {});
    for (const [call, resolve] of worker.asked) resolve(calls[call]!);
    worker.asked.clear();
  };

  for (let slot = 0; slot < clockOffsets.length; slot += 1) slots.push(launch(slot));
  await Promise.all(slots);

  return {
    calls,
    struck,
    async call(key, mishap) {
      turn += 1;
      const { child, asked } = await slots[turn % slots.length]!;
      const call: Call = {
        call: calls.length,
        key,
        worker: child.pid!,
        from: now(),
        to: Number.POSITIVE_INFINITY,
        answer: { kind: 'unknown', outcome: 'unanswered', error: 'its worker is gone' },
      };
      calls.push(call);
      if (child.exitCode !== null || child.signalCode !== null) return call;
      return new Promise((resolve) => {
        asked.set(call.call, resolve);
        const left = struck.has(key) ? undefined : mishap;
        send(child, { kind: 'call', call: call.call, key, mishap: left });
      });
    },
    kill() {
      turn += 1;
      void slots[turn % slots.length]!.then(
        ({ child }) => child.kill('SIGKILL'),
        () => {},
      );
    },
    setClock(offsetMs) {
      turn += 1;
      void slots[turn % slots.length]!.then(
        ({ child }) => send(child, { kind: 'clock', offsetMs }),
        () => {},
      );
    },
    pause(name) {
      turn += 1;
      void slots[turn % slots.length]!.then(
        (worker) => pause(worker, name),
        () => {},
      );
    },
    async stop() {
      stopping = true;
      const workers = await Promise.allSettled(slots);
      await Promise.all(
        workers.map(async (slot) => {
          if (slot.status === 'rejected') return;
          const { child } = slot.value;
          if (child.exitCode !== null || child.signalCode !== null) return;
          const exit = once(child, 'exit');
          child.kill('SIGKILL');
          await exit;
        }),
      );
    },
  };
}

function send(child: ChildProcess, message: ToWorker): void {
  if (child.connected) child.send(message, () => {});
}
