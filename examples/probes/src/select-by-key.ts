import type { AbandonedRecord, ProbeAnswer } from '@twiceproof/core';

/** What is needed of a client: pg and PGlite have it. */
interface Client<Row> {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly Row[] }>;
}

/**
 * Looks for the row that the effect would have written, by the key that it writes into a column of its
 * own. Give a client of the primary: a replica may not have it yet.
 */
export function selectByKey<Row>(
  client: Client<Row>,
  text: string,
): (record: AbandonedRecord) => Promise<ProbeAnswer> {
  return async ({ downstreamUuid }) => {
    const { rows } = await client.query(text, [downstreamUuid]);
    return rows[0] === undefined ? 'reexecute' : { completed: rows[0] };
  };
}
