import type { CallAttributes, Idempotency, KeyValue, OperationOptions } from '@twiceproof/core';
import type { Problem, ProblemAnswer } from './problem.ts';

/** A tenant or principal. Undefined, null and blank text are none. */
export type Scope = string | number | bigint;

/** A response that is about to be recorded, or not. */
export interface ProducedResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Length of its body. */
  readonly bytes: number;
}

/** What is handed on to core as it is. */
export type CoreOptions = Omit<
  OperationOptions<never>,
  'key' | 'missingKey' | 'scope' | 'run' | 'fingerprint' | 'input' | 'attributes' | 'adopt'
>;

/** Options of the layer, the same for every framework. `Req` is the framework's own request object. */
export interface HttpOptions<Req> extends CoreOptions {
  readonly idempotency: Idempotency;
  /** The stable name of what the route does. Default: method and route pattern. */
  readonly operation?: string | undefined;
  /**
   * Whose key it is: two principals with equal keys never meet. `'public'` waives it by name. Undefined
   * for a request is a 500, and the handler does not run.
   */
  readonly scope: 'public' | ((request: Req) => MaybePromise<Scope | null | undefined>);
  /** `false` lets requests without a key pass untouched. Default `true`. */
  readonly required?: boolean | undefined;
  /** Name of the header with the key. Default `Idempotency-Key`. */
  readonly header?: string | undefined;
  /** Methods that take a key; others pass untouched. Default POST and PATCH. */
  readonly methods?: readonly string[] | undefined;
  /** What must not change for one key. Default: method, path, sorted query and canonical body. */
  readonly fingerprint?: ((request: Req) => MaybePromise<KeyValue>) | undefined;
  /** Which responses are recorded; all others free the key. Default 2xx to 4xx but 408, 409, 425 and 429. */
  readonly record?: ((response: ProducedResponse) => boolean) | undefined;
  /**
   * Names of the response headers that are recorded, beside content-type, content-encoding and location.
   * Default content-language, content-disposition, etag, last-modified and link; a list replaces them.
   */
  readonly headers?: readonly string[] | undefined;
  /** Most bytes of a response body that is recorded. Default: what the store takes. */
  readonly maxBodyBytes?: number | undefined;
  /** Most bytes of a request body that is read for the default fingerprint. Default 1 MiB. */
  readonly maxRequestBytes?: number | undefined;
  /** An error format of your own for the answers that the layer gives itself. */
  readonly problem?: ((problem: Problem, request: Req) => MaybePromise<ProblemAnswer>) | undefined;
  /** An intentional re-execution of the same key has a run above 0. Default 0. */
  readonly run?: number | ((request: Req) => number) | undefined;
  /** What operators may see of the request; `false` for nothing, not even the key. Default: the key. */
  readonly input?: false | ((request: Req) => unknown) | undefined;
  /** Attributes for the span of the call, beside `http.route`. Default none. */
  readonly attributes?: ((request: Req) => CallAttributes) | undefined;
}

type MaybePromise<T> = T | PromiseLike<T>;
