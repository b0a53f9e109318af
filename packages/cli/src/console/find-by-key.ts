import type { Idempotency, IdempotencyRecord } from '@twiceproof/core';

/** Where a key may have been used. */
export interface KeyPlaces {
  readonly environments: readonly string[];
  readonly operations: readonly string[];
  readonly run: number;
  readonly scope: string | undefined;
}

const mostRequests = 120;

/**
 * The records of a business key. Their ids are computed, so it takes no longer in a store with many
 * records; but it has to be the whole key, and operation and environment have to be known.
 */
export async function findByKey(
  idempotency: Idempotency,
  text: string,
  { environments, operations, run, scope }: KeyPlaces,
): Promise<readonly IdempotencyRecord[]> {
  const keys = keysOf(text);
  const ids = new Set<string>();
  for (const environment of environments) {
    const there = idempotency.extend({ environment });
    for (const operation of operations) {
      const wrapped = there.wrap(async (_key: unknown) => {}, {
        operation,
        run,
        scope,
        key: (key) => key as string,
      });
      for (const key of keys) {
        if (ids.size < mostRequests) ids.add(await idOf(wrapped, key));
      }
    }
  }
  ids.delete('');
  const found = await Promise.all([...ids].map((id) => idempotency.records.get(id)));
  return found.filter((record) => record !== undefined);
}

/** The ways in which a program may have written the key: text, number, or JSON of several parts. */
function keysOf(text: string): readonly unknown[] {
  const keys: unknown[] = [text, [text]];
  try {
    const parsed: unknown = JSON.parse(text);
    if (parsed !== null) keys.push(parsed);
    if (typeof parsed === 'number') keys.push([parsed]);
  } catch {
    // It is text, then.
  }
  return keys;
}

async function idOf(
  wrapped: { idOf(key: unknown): Promise<string | undefined> },
  key: unknown,
): Promise<string> {
  try {
    return (await wrapped.idOf(key)) ?? '';
  } catch {
    return '';
  }
}
