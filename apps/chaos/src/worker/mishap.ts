import type { FromWorker, Mishap, Point } from './messages.ts';

/** Stands still where its call says so, until this process has been struck; a pause ends it. */
export async function meet(call: number, mishap: Mishap | undefined, point: Point): Promise<void> {
  if (mishap?.at !== point) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  standing.set(call, resolve);
  process.send!({ kind: 'mishap', call, mishap } satisfies FromWorker);
  await promise;
}

export function goOn(call: number): void {
  standing.get(call)?.();
  standing.delete(call);
}

const standing = new Map<number, () => void>();
