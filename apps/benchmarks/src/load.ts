/** So many calls, so many of them under way at the same time. */
export interface Load {
  readonly calls: number;
  readonly atOnce: number;
}

/** Makes the calls, and answers how many microseconds went by for each of them. */
export async function microsPerCall(
  { calls, atOnce }: Load,
  call: (at: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const lane = async () => {
    while (next < calls) await call(next++);
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: Math.min(atOnce, calls) }, lane));
  return ((performance.now() - startedAt) * 1_000) / calls;
}
