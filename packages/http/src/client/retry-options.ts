/** Options of `withIdempotencyKey`. */
export interface RetryOptions {
  /** Most tries of one request, the first one included. Default 5. */
  readonly attempts?: number | undefined;
  /** Methods that get a key; others are sent as they are. Default POST and PATCH. */
  readonly methods?: readonly string[] | undefined;
  /** Makes the key of a request: 1 to 255 visible ASCII characters. Default a random UUID. */
  readonly key?: (() => string) | undefined;
  /** Milliseconds to wait after a try that was told no time, by its number from 1. Default: a random
   * share of 200 ms, doubled with every try, up to 10 s. */
  readonly backoff?: ((attempt: number) => number) | undefined;
  /** Name of the header. Default `Idempotency-Key`. */
  readonly header?: string | undefined;
  /** Milliseconds beyond which `Retry-After` is not waited for, and the answer handed on. Default 60,000. */
  readonly longestWaitMs?: number | undefined;
}

interface RetrySettings {
  readonly attempts: number;
  readonly methods: ReadonlySet<string>;
  readonly header: string;
  readonly keyOf: () => string;
  readonly backoff: (attempt: number) => number;
  readonly longestWaitMs: number;
}

const firstPauseMs = 200;
const longestPauseMs = 10_000;

export function retrySettings(fetch: unknown, options: RetryOptions): RetrySettings {
  const {
    attempts = 5,
    methods = ['POST', 'PATCH'],
    key = () => crypto.randomUUID(),
    backoff = jittered,
    header = 'Idempotency-Key',
    longestWaitMs = 60_000,
    ...unknown
  } = options;
  check(typeof fetch === 'function', 'fetch is no function; give fetch, or one like it');
  const [stranger] = Object.keys(unknown);
  check(stranger === undefined, `there is no option '${stranger}'`);
  check(Number.isInteger(attempts) && attempts > 0, 'attempts is no whole number above 0');
  check(Array.isArray(methods), 'methods is no array; give names such as POST');
  check(typeof key === 'function', 'key is no function; give one that makes a key');
  check(typeof backoff === 'function', 'backoff is no function; give one of the attempt');
  check(longestWaitMs >= 0, 'longestWaitMs is no number of milliseconds');
  return {
    attempts,
    methods: new Set(methods.map((method) => method.toUpperCase())),
    header,
    keyOf: () => visibleKey(key()),
    backoff,
    longestWaitMs,
  };
}

function visibleKey(key: unknown): string {
  const isVisible = typeof key === 'string' && /^[!-~]{1,255}$/.test(key);
  check(isVisible, 'key gave no key; answer 1 to 255 visible ASCII characters');
  return key as string;
}

function jittered(attempt: number): number {
  return Math.random() * Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1));
}

function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new TypeError(`withIdempotencyKey: ${what}`);
}
