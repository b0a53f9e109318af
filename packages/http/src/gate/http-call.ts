import type { KeyValue } from '@twiceproof/core';
import type { Incoming } from './incoming.ts';
import type { Scope } from './options.ts';
import type { HeaderList } from './plain-response.ts';

/** What came of running a handler. */
export interface Produced {
  readonly status: number;
  readonly headers: HeaderList;
  /** Undefined where it was beyond the limit. */
  readonly body: Uint8Array | undefined;
  readonly bytes: number;
  /** The handler threw, and its framework has made this response of it. */
  readonly thrown?: { readonly error: unknown } | undefined;
  /** The response began, and then broke off. */
  readonly broken?: { readonly error: unknown } | undefined;
}

/** One request as core gets it. All of it is settled before the handler runs. */
export interface HttpCall<Req> {
  readonly key: string;
  /** The header that tells the client of its key. */
  readonly echo: HeaderList;
  readonly scope: Scope;
  readonly fingerprint: KeyValue;
  readonly incoming: Incoming<Req>;
  /** Set before it is asked for. */
  run: Run | undefined;
  /** Set as soon as the handler's response is there. */
  produced: Produced | undefined;
}

/** Starts the handler and resolves to what it produced, once all of it is there. It is given the headers that
 * are added to a response which has to leave earlier. */
export type Run = (early: HeaderList) => Promise<Produced>;
