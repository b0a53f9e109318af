/** So many calls, so many of them under way at the same time. */
export interface Load {
  readonly calls: number;
  readonly atOnce: number;
  /** What the microseconds are of; the time of the day unless told otherwise. */
  readonly clock?: Clock;
}

/** Microseconds since some moment. */
type Clock = () => number;

const timeOfDay: Clock = () => performance.now() * 1_000;

/** What this process had of the processors. What else the machine does hardly shows in it. */
export const processorTime: Clock = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** Makes the calls, and answers how many microseconds each of them took. */
export async function microsPerCall(
  { calls, atOnce, clock = timeOfDay }: Load,
  call: (at: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const lane = async () => {
    while (next < calls) await call(next++);
  };
  const startedAt = clock();
  await Promise.all(Array.from({ length: Math.min(atOnce, calls) }, lane));
  return (clock() - startedAt) / calls;
}
