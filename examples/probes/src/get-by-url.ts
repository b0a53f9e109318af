import type { AbandonedRecord, ProbeAnswer } from '@twiceproof/core';

/**
 * Asks for what the request would have made, under an address that follows from the record. 404 and 410
 * say that it did not happen; anything else but success says nothing, so an operator has to look.
 */
export function getByUrl(
  urlOf: (record: AbandonedRecord) => string,
): (record: AbandonedRecord) => Promise<ProbeAnswer> {
  return async (record) => {
    const response = await fetch(urlOf(record), { signal: AbortSignal.timeout(10_000) });
    if (response.ok) return { completed: await response.json() };
    await response.body?.cancel();
    return response.status === 404 || response.status === 410 ? 'reexecute' : 'hold';
  };
}
