import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Bytes that are taken for as long as what `make` answers is there. */
export async function bytesKeptBy(make: () => unknown): Promise<number> {
  const before = usedBytes();
  const kept = await make();
  const after = usedBytes();
  // Used once more, or it would have been collected already.
  return kept === undefined ? 0 : after - before;
}

function usedBytes(): number {
  for (let count = 0; count < 3; count++) collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
