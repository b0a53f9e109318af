import type { Failed } from './record-calls.ts';

/** What Lambda is told of a batch of which some records failed: it sends those again. */
export interface BatchResponse {
  batchItemFailures: { itemIdentifier: string }[];
}

/** A record that failed, and the id by which Lambda knows it. */
export interface FailedItem extends Failed {
  readonly id: unknown;
}

/**
 * Names the failed items. One without an id cannot be named, and must not count as done: then the whole
 * batch fails, and what is done is replayed when it is sent again.
 */
export function itemFailures(
  failed: readonly FailedItem[],
  where: string,
  idName: string,
): BatchResponse {
  const nameless = failed.filter(({ id }) => typeof id !== 'string' || id === '');
  if (nameless.length > 0) {
    throw new AggregateError(
      nameless.map(({ error }) => error),
      `${where}: ${nameless.length} of the failed records had no ${idName} to be named by, so the whole batch fails`,
    );
  }
  const ids = new Set(failed.map(({ id }) => id as string));
  return { batchItemFailures: [...ids].map((itemIdentifier) => ({ itemIdentifier })) };
}
