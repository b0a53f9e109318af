import { Worker } from 'node:worker_threads';
import { add, type Batch, type Coverage } from './run-batch.ts';

export interface SimulationOptions {
  /** The first seed; the others follow. */
  readonly from: number;
  readonly seeds: number;
  readonly workers: number;
  /** Whole calls through core, or races for one record through the logic of the stores alone. */
  readonly of?: 'calls' | 'races' | undefined;
  /** No new schedules after so long. */
  readonly limitMs?: number | undefined;
}

export interface Simulation {
  readonly schedules: number;
  readonly seconds: number;
  readonly coverage: Coverage;
  /** What went wrong first, with how to replay it. */
  readonly failure: string | undefined;
}

/** What a batch of schedules leaves behind is swept away before it counts as old. */
const resourceLimits = { maxYoungGenerationSizeMb: 64 };

/** Runs schedules on threads of their own, until one goes wrong. */
export async function simulate(options: SimulationOptions): Promise<Simulation> {
  const { from, seeds, workers: step, limitMs, of = 'calls' } = options;
  const startedAt = performance.now();
  const coverage: Coverage = {};
  let schedules = 0;
  let failure: string | undefined;
  const workers = Array.from({ length: step }, (_, at) => {
    const count = Math.ceil((seeds - at) / step);
    const workerData = { from: from + at, step, count, of };
    return new Worker(new URL('./worker.ts', import.meta.url), { workerData, resourceLimits });
  });
  const end = (): void => {
    // Not terminated: whatever a schedule was about to do would be missing, and taken for a violation.
    for (const worker of workers) worker.postMessage('stop');
  };
  const limit = limitMs === undefined ? undefined : setTimeout(end, limitMs);
  const ended = workers.map(
    (worker) =>
      new Promise<void>((resolve, reject) => {
        worker.on('message', (batch: Batch) => {
          schedules += batch.schedules;
          add(coverage, batch.coverage);
          failure ??= batch.failure;
          if (failure !== undefined) end();
        });
        worker.on('error', reject);
        worker.on('exit', () => resolve());
      }),
  );
  try {
    await Promise.all(ended);
  } finally {
    clearTimeout(limit);
  }
  return { schedules, seconds: (performance.now() - startedAt) / 1_000, coverage, failure };
}
