import { setImmediate } from 'node:timers/promises';
import { collect } from './collect.ts';
import { finishCompiling } from './finish-compiling.ts';

/** Bytes that are taken for as long as what `make` answers is there. */
export async function bytesKeptBy(make: () => unknown): Promise<number> {
  const before = await usedBytes();
  const kept = await make();
  const after = await usedBytes();
  // Used once more, or it would have been collected already.
  return kept === undefined ? 0 : after - before;
}

async function usedBytes(): Promise<number> {
  finishCompiling();
  for (let count = 0; count < 3; count++) {
    // What the turn before this one still holds would be there until later.
    await setImmediate();
    collect();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
