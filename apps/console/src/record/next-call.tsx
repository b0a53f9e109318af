import type { IdempotencyRecord } from '@twiceproof/core';
import type { JSX } from 'preact';
import { When } from '../text/when.tsx';
import type { RecordState } from '../wire.ts';

/** What the next call with the same key gets: what an operator wants to know before anything else. */
export function NextCall({
  record,
  state,
}: {
  record: IdempotencyRecord;
  state: RecordState;
}): JSX.Element {
  const { leaseUntil, expiresAt, lastError } = record;
  const until = (
    <>
      {expiresAt === undefined ? (
        'until somebody deletes it'
      ) : (
        <>
          until it expires <When at={expiresAt} />
        </>
      )}
    </>
  );
  switch (state) {
    case 'executing':
      return (
        <p class="next">
          Another call is refused or waits. Unless its executor renews it, the lease ends{' '}
          <When at={leaseUntil} />.
        </p>
      );
    case 'unknown':
      return (
        <p class="next">
          Its attempt ended <When at={leaseUntil} /> and nobody knows whether its effect happened:
          see the error. Look where the effect would show, then complete the record with what you
          find, or release it if there is nothing.{' '}
          {expiresAt === undefined
            ? 'Until then calls are refused, unless the operation has a probe that finds out.'
            : 'The next call executes it again.'}
        </p>
      );
    case 'held':
      return (
        <p class="next">
          Its lease ended <When at={leaseUntil} /> and nobody settled it. Calls are refused until
          somebody decides: find out whether its work was done, then complete or release it. An
          operation with a probe finds out by itself.
        </p>
      );
    case 'stuck':
      return (
        <p class="next">
          Its lease ended <When at={leaseUntil} /> and nobody settled it. The next call takes it
          over.
        </p>
      );
    case 'failed':
      return <p class="next">Nothing holds it: the next call executes it again.</p>;
    case 'completed':
      return lastError ? (
        <p class="next">The next call gets the recorded error, {until}.</p>
      ) : (
        <p class="next">The next call gets the recorded result, {until}.</p>
      );
  }
}
