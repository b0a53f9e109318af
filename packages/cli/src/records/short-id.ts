import type { IdempotencyRecord } from '@twiceproof/core';

const fewest = 8;

/** The beginning of each id that tells it from all the others here, and from nearly all elsewhere. */
export function shortIds(
  records: readonly IdempotencyRecord[],
): (record: IdempotencyRecord) => string {
  const sorted = records.map(({ id }) => id).sort();
  const shared = new Map<string, number>();
  for (const [at, id] of sorted.entries()) {
    const neighbours = [sorted[at - 1], sorted[at + 1]];
    shared.set(id, Math.max(...neighbours.map((other) => sharedLength(id, other))));
  }
  return ({ id }) => {
    const digestAt = id.lastIndexOf('/') + 1;
    return id.slice(0, Math.max(digestAt + fewest, (shared.get(id) ?? 0) + 1));
  };
}

function sharedLength(id: string, other: string | undefined): number {
  if (other === undefined || other === id) return 0;
  let length = 0;
  while (length < id.length && id[length] === other[length]) length += 1;
  return length;
}
