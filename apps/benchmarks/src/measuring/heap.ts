import { collectGarbage } from './garbage.ts';

/** Bytes that are taken for as long as what `make` answers is there. */
export async function bytesKeptBy(make: () => unknown): Promise<number> {
  const before = await usedBytes();
  const kept = await make();
  const after = await usedBytes();
  // Used once more, or it would have been collected already.
  return kept === undefined ? 0 : after - before;
}

async function usedBytes(): Promise<number> {
  for (let count = 0; count < 3; count++) await collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
