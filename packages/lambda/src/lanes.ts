/** Takes what is in one lane one after the other, and at most `concurrency` lanes at a time. */
export async function inLanes<Item>(
  lanes: Iterable<readonly Item[]>,
  concurrency: number,
  take: (lane: readonly Item[]) => Promise<void>,
): Promise<void> {
  const all = [...lanes];
  const waiting = all.values();
  const work = async (): Promise<void> => {
    for (let next = waiting.next(); !next.done; next = waiting.next()) await take(next.value);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, all.length) }, work));
}
