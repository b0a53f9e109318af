import { isReadOnce } from './client/body.ts';
import { pause } from './client/pause.ts';
import { retryAfterMs } from './client/retry-after.ts';
import { type RetryOptions, retrySettings } from './client/retry-options.ts';

export type { RetryOptions } from './client/retry-options.ts';

type Fetch = typeof globalThis.fetch;

/**
 * Gives each request one idempotency key and keeps it over all tries. What may be tried again is:
 * network errors, 409 with `Retry-After` (in progress), 425, 429, 502, 503 and 504. `Retry-After` is
 * honoured; without it, the pauses grow. The caller's signal ends it all. A request that has a key
 * keeps it. A body that can be read only once is sent once, and the error, or a line on the console,
 * says so. Throws a TypeError naming the option that is wrong.
 *
 * @example
 * ```ts
 * import { wasReplayed, withIdempotencyKey } from '@twiceproof/http/client';
 *
 * const send = withIdempotencyKey(fetch, { attempts: 5 });
 *
 * export async function charge(amount: number) {
 *   const response = await send('https://api.example.com/charges', {
 *     method: 'POST',
 *     headers: { 'content-type': 'application/json' },
 *     body: JSON.stringify({ amount }),
 *   });
 *   return { charged: response.ok, before: wasReplayed(response) };
 * }
 * ```
 */
export function withIdempotencyKey(fetch: Fetch, options: RetryOptions = {}): Fetch {
  const { attempts, methods, header, keyOf, backoff, longestWaitMs } = retrySettings(
    fetch,
    options,
  );

  return async (input, init) => {
    const isRequest = input instanceof Request;
    const method = (init?.method ?? (isRequest ? input.method : 'GET')).toUpperCase();
    if (!methods.has(method)) return fetch(input, init);
    const headers = new Headers(init?.headers ?? (isRequest ? input.headers : undefined));
    if (!headers.has(header)) headers.set(header, quoted(keyOf()));
    const signal = init?.signal ?? (isRequest ? input.signal : undefined);
    const readOnce = isReadOnce(init?.body);
    const most = readOnce ? 1 : attempts;

    for (let attempt = 1; ; attempt += 1) {
      let response: Response | undefined;
      let failure: unknown;
      try {
        // A Request can be sent once; its clone takes its place.
        const sent = isRequest && attempt < most ? input.clone() : input;
        response = await fetch(sent as Parameters<Fetch>[0], { ...init, headers });
      } catch (error) {
        if (signal?.aborted) throw error;
        failure = error;
      }
      if (response && !mayPass(response)) return response;
      const wait = retryAfterMs(response?.headers.get('retry-after') ?? null) ?? backoff(attempt);
      if (attempt < most && wait <= longestWaitMs) {
        // Whoever logs answers may be reading it, or it has broken off: it is not the one that counts.
        await response?.body?.cancel().catch(() => {});
        await pause(wait, signal);
        continue;
      }
      if (readOnce && attempts > 1) return sentOnce(response, failure);
      if (!response) throw failure;
      return response;
    }
  };
}

/**
 * Whether a response is the recorded one of an earlier request with the same key.
 *
 * @example
 * ```ts
 * import { wasReplayed } from '@twiceproof/http/client';
 *
 * declare const response: Response;
 * if (wasReplayed(response)) console.log('that was done before');
 * ```
 */
export function wasReplayed(response: Response): boolean {
  return response.headers.get('idempotent-replayed') === 'true';
}

const passing: ReadonlySet<number> = new Set([425, 429, 502, 503, 504]);

/** Other conflicts have no `Retry-After`, since waiting does not change them. */
function mayPass({ status, headers }: Response): boolean {
  return passing.has(status) || (status === 409 && headers.has('retry-after'));
}

/** A structured string, as the draft has it. */
function quoted(key: string): string {
  return `"${key.replace(/["\\]/g, '\\$&')}"`;
}

const readOnceNote =
  'the request was not tried again, because its body can be read only once; give text, bytes, a Blob or a form';

function sentOnce(response: Response | undefined, cause: unknown): Response {
  if (!response) throw new TypeError(`fetch failed, and ${readOnceNote}`, { cause });
  console.warn(`Twiceproof: the answer was ${response.status}, and ${readOnceNote}.`);
  return response;
}
