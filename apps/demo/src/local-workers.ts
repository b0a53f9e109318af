import { startConsumer } from './consumer.ts';
import type { FromWorker, WorkerOptions } from './messages.ts';
import type { Worker, WorkerEvents, WorkerPool } from './worker-pool.ts';

/**
 * `count` workers of this very process, around one consumer: what is in its memory is there for all of
 * them, and for nobody else.
 */
export function startLocalWorkers(
  count: number,
  options: WorkerOptions,
  events: WorkerEvents,
): WorkerPool {
  const busy = new Map<number, Worker>();
  const heard = (message: FromWorker): void => {
    // Only what is settled is about one worker.
    const line = message.kind === 'settled' ? message.line : undefined;
    const worker = line === undefined ? workers[0]! : busy.get(line)!;
    events.message(worker, message);
  };
  const consumer = startConsumer(options, heard);
  const workers = Array.from({ length: count }, (_, at): Worker => {
    const worker: Worker = {
      number: at + 1,
      pid: process.pid,
      send(message) {
        if (message.kind !== 'deliver') return;
        busy.set(message.line, worker);
        consumer.then((started) => started.take(message)).catch(events.hopeless);
      },
      kill() {},
    };
    return worker;
  });
  consumer.then(() => workers.forEach(events.ready), events.hopeless);

  return {
    async stop() {
      await (await consumer).close();
    },
    kill() {},
  };
}
