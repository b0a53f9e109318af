import { parentPort, workerData } from 'node:worker_threads';
import { rememberDigests } from './known-digests.ts';
import { runRaces } from './races/run-races.ts';
import { type Batch, runBatch } from './run-batch.ts';

const { from, step, count, of } = workerData as {
  readonly from: number;
  readonly step: number;
  readonly count: number;
  readonly of: 'calls' | 'races';
};
const [run, perBatch] = of === 'races' ? [runRaces, 2_000] : [runBatch, 100];

// Stacks of errors that are expected say nothing, and cost more than what threw them.
Error.stackTraceLimit = 0;

// Core looks into the environment at each call: what a plain object answers at once, Node asks the system for.
process.env = { ...process.env };
rememberDigests();

let isStopped = false;
parentPort!.once('message', () => {
  isStopped = true;
});

let done = 0;
function next(): void {
  const size = Math.min(perBatch, count - done);
  if (size <= 0 || isStopped) {
    parentPort!.close();
    return;
  }
  const batch: Batch = run(from + done * step, size, step);
  done += size;
  parentPort!.postMessage(batch);
  setImmediate(next);
}
setImmediate(next);
