/** What a call with a key does. */
export const works = ['first', 'replay'] as const;
export type Work = (typeof works)[number];

/** How many calls are under way at the same time; the usual number comes first. */
export const concurrencies: readonly number[] = [64, 256, 1];

/** The title of a comparison, by which targets, tables and plots find it. */
export function titleOf(work: Work, key: string, atOnce: number): string {
  return `${work === 'first' ? 'first execution' : 'replay'}, ${key}, ${atOnce} at once`;
}

/** What a replay costs more with the SDK, in units of what it adds to a GET by hand. */
export const extraOfTelemetry = 'telemetry, of the same by hand around the raw client';
/** A waiter asks once in a backoff step, so that is also how often a process asks in one. */
export const requestsOfMany = 'requests of 10,000 waiters, of those of one';
export const costOfGrowth = 'cost at a million records, of that at a thousand';
