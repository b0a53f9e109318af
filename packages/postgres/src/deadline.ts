import { within } from '@twiceproof/core/toolkit';

/** Nobody knows what became of a request: its connection is not to be used again. */
export class InDoubt extends Error {}

/** `work`, or an {@link InDoubt} when it takes longer than `ms`. The work itself is not ended by that. */
export function withinTimeout<T>(work: Promise<T>, ms: number, what: string): Promise<T> {
  return within(work, ms, () => {
    throw new InDoubt(`${what} within the timeout of the store`);
  });
}
