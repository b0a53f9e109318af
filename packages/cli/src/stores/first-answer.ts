import type { Store } from '@twiceproof/core';
import { within } from '@twiceproof/core/toolkit';
import { exitCodes, Failure } from '../failure.ts';
import type { ClientFaults } from './client-faults.ts';
import { whyUnreachable } from './connection-fault.ts';
import { connectTimeoutMs } from './opened-store.ts';

const noRecord = `unset/first-answer/0/${'A'.repeat(43)}`;
const patienceMs = 2_000;
const noAnswer = Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' });

/**
 * Waits for the store of a configuration file to answer once, for as long as a connection may take:
 * its client may be made to try for minutes.
 */
export async function awaitFirstAnswer(
  store: Store,
  label: string,
  faults: ClientFaults,
): Promise<void> {
  const unreachable = (cause: Error): Failure =>
    new Failure(exitCodes.store, `${label}: ${whyUnreachable(cause)}`, { cause });
  const givenUp = new AbortController();
  const giveUp = (): never => {
    givenUp.abort();
    throw unreachable(faults.last() ?? noAnswer);
  };
  // What else is wrong with it is told by the command, in the terms of its request.
  const answered = store.get(noRecord, { signal: givenUp.signal }).then(
    () => {},
    () => {
      const cause = faults.last();
      if (cause) throw unreachable(cause);
    },
  );
  // A server that refuses may be about to start, but not for long.
  const refused = faults.first.then(() => within(answered, patienceMs, giveUp));
  await within(Promise.race([answered, refused]), connectTimeoutMs, giveUp);
}
