import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Answer, EngineName, FromWorker, ToWorker } from './messages.ts';

/** A process of a deployment. */
export interface Process {
  call(key: string, manner?: ToWorker['manner']): Promise<Answer>;
  /** Resolves once the effect of this key has begun here, or a call for it was answered without it. */
  begun(key: string): Promise<void>;
  kill(): Promise<void>;
}

export interface Space {
  readonly engine: EngineName;
  readonly url: string;
  readonly space: string;
  /** Told of every effect. */
  readonly onEffect: (key: string) => void;
}

const program = fileURLToPath(new URL('worker.ts', import.meta.url));

/** Starts one with this version: `this`, or a file. */
export async function start(version: string, { engine, url, space, onEffect }: Space) {
  const child = fork(program, [version, engine, url, space], { execArgv: ['--no-warnings'] });
  const waiting = new Map<number, { key: string; resolve: (answer: Answer) => void }>();
  const beginning = new Map<string, PromiseWithResolvers<void>>();
  const beginningOf = (key: string) => {
    const known = beginning.get(key) ?? Promise.withResolvers<void>();
    beginning.set(key, known);
    return known;
  };
  let calls = 0;
  const ready = Promise.withResolvers<void>();
  child.on('message', (message: FromWorker) => {
    if (message.kind === 'ready') ready.resolve();
    else if (message.kind === 'effect') {
      onEffect(message.key);
      beginningOf(message.key).resolve();
    } else {
      const { key, resolve } = waiting.get(message.call)!;
      resolve(message.answer);
      beginningOf(key).resolve();
    }
  });
  child.once('exit', (code) => ready.reject(new Error(`ended before it was ready: ${code}`)));
  await ready.promise;
  const started: Process = {
    call(key, manner = 'done') {
      calls += 1;
      const { promise, resolve } = Promise.withResolvers<Answer>();
      waiting.set(calls, { key, resolve });
      child.send({ call: calls, key, manner } satisfies ToWorker);
      return promise;
    },
    begun: (key) => beginningOf(key).promise,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
  return started;
}
