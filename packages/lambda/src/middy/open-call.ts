import { outcomeUnknown, type Settled } from '@twiceproof/core';

/** One call whose function is everything that Middy does between `before` and `after`. */
export interface OpenCall {
  /** Resolves to undefined once the handler has to run, or to what the call is answered with. */
  readonly begun: Promise<Settled<unknown> | undefined>;
  succeed(response: unknown): Promise<Settled<unknown>>;
  fail(error: unknown): Promise<Settled<unknown>>;
}

/** Begins a call; `settle` is given the function in whose place Middy runs the handler. */
export function openCall(
  settle: (handler: () => Promise<unknown>) => Promise<Settled<unknown>>,
  onStart: () => void,
): OpenCall {
  const started = Promise.withResolvers<undefined>();
  const handled = Promise.withResolvers<unknown>();
  const settled = settle(() => {
    onStart();
    started.resolve(undefined);
    return handled.promise;
  });
  // A call that ended before its handler did leaves nobody to hear of it.
  handled.promise.catch(() => {});
  return {
    begun: Promise.race([started.promise, settled]),
    succeed: (response) => {
      handled.resolve(response);
      return settled;
    },
    fail: (error) => {
      handled.reject(isTimeoutOfMiddy(error) ? outcomeUnknown(error) : error);
      return settled;
    },
  };
}

/** Middy gave up waiting: the handler may go on, and may have had its effect. */
function isTimeoutOfMiddy(error: unknown): boolean {
  if (!(error instanceof Error) || error.name !== 'TimeoutError') return false;
  return (error.cause as { readonly package?: unknown } | undefined)?.package === '@middy/core';
}
