import type { Figures } from './figures.ts';
import { quantile } from './quantile.ts';

/** So many calls, so many of them under way at the same time. */
export interface Load {
  readonly calls: number;
  readonly atOnce: number;
}

/** Microseconds that this process had of the processors. What else the machine does hardly shows in it. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Makes the calls, and answers what each of them cost. */
export async function costOf(
  { calls, atOnce }: Load,
  call: (at: number) => Promise<unknown>,
): Promise<Figures> {
  let next = 0;
  const durations = new Float64Array(calls);
  const lane = async () => {
    while (next < calls) {
      const at = next++;
      const startedAt = performance.now();
      await call(at);
      durations[at] = performance.now() - startedAt;
    }
  };
  const startedAt = performance.now();
  const processorsAt = processorTime();
  await Promise.all(Array.from({ length: Math.min(atOnce, calls) }, lane));
  return {
    wall: ((performance.now() - startedAt) * 1_000) / calls,
    cpu: (processorTime() - processorsAt) / calls,
    p50: quantile(durations, 0.5),
    p99: quantile(durations, 0.99),
  };
}

/** Does nothing but compute, one after the other, so that its time is the processor's. */
export async function processorCostOf(
  calls: number,
  call: (at: number) => Promise<unknown>,
): Promise<Figures> {
  const { cpu } = await costOf({ calls, atOnce: 1 }, call);
  return { cpu: cpu! };
}
