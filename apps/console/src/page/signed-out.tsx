import type { JSX } from 'preact';
import type { Fault } from '../connection/fault.ts';
import { Mark } from '../text/icons.tsx';

/** What is shown instead of records to a browser that may not see them, or cannot. */
export function SignedOut({ fault }: { fault: Fault }): JSX.Element {
  const isUnreachable = fault.code === 'UNREACHABLE';
  return (
    <main class="signed-out">
      <Mark />
      <h1>{isUnreachable ? 'The console does not answer' : 'This browser is not signed in'}</h1>
      <p role="alert">{fault.message}</p>
      {isUnreachable && (
        <button type="button" class="strong" onClick={() => location.reload()}>
          Try again
        </button>
      )}
    </main>
  );
}
