import type { AbandonedRecord, ProbeAnswer } from '@twiceproof/core';

/** One page of what a provider lists, newest first, as Stripe and its like do. */
interface Listed<Found> {
  readonly data: readonly Found[];
  readonly has_more: boolean;
}

/**
 * Looks through what a provider lists for what was made with this attempt's key, which the request has
 * put into its metadata. Where all of it was looked at and nothing found, it did not happen.
 */
export function searchByKey<Found extends { readonly id: string; readonly metadata: Metadata }>(
  list: (after: string | undefined) => Promise<Listed<Found>>,
): (record: AbandonedRecord) => Promise<ProbeAnswer> {
  return async ({ downstreamKey }) => {
    let after: string | undefined;
    for (let page = 0; page < mostPages; page += 1) {
      const { data, has_more } = await list(after);
      const found = data.find(({ metadata }) => metadata.idempotency_key === downstreamKey);
      if (found) return { completed: found };
      after = data.at(-1)?.id;
      if (!has_more || after === undefined) return 'reexecute';
    }
    // There is more than was looked at, so nobody knows yet.
    return 'hold';
  };
}

type Metadata = Readonly<Record<string, string>>;

const mostPages = 20;
