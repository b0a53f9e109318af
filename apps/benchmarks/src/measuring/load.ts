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

/** Makes the calls, and answers what each of them cost. Answers are looked at when the time is taken. */
export async function costOf<Answer>(
  { calls, atOnce }: Load,
  call: (at: number) => Promise<Answer>,
  check: (at: number, answer: Answer) => void = () => {},
): Promise<Figures> {
  let next = 0;
  const durations = new Float64Array(calls);
  const answers = Array<Answer>(calls);
  const lane = async () => {
    while (next < calls) {
      const at = next++;
      const startedAt = performance.now();
      answers[at] = await call(at);
      durations[at] = performance.now() - startedAt;
    }
  };
  const startedAt = performance.now();
  const processorsAt = processorTime();
  await Promise.all(Array.from({ length: Math.min(atOnce, calls) }, lane));
  const cpu = (processorTime() - processorsAt) / calls;
  const wall = ((performance.now() - startedAt) * 1_000) / calls;
  for (const [at, answer] of answers.entries()) check(at, answer);
  return { wall, cpu, p50: quantile(durations, 0.5), p99: quantile(durations, 0.99) };
}

/** Does nothing but compute, one after the other, so that its time is the processor's. */
export async function processorCostOf(
  calls: number,
  call: (at: number) => Promise<unknown>,
): Promise<Figures> {
  const { cpu } = await costOf({ calls, atOnce: 1 }, call);
  return { cpu: cpu! };
}
