import type { Duration, Idempotency, IdempotencyOptions } from '@twiceproof/core';
import type { HttpOptions } from '@twiceproof/http';

/** The platform's own request: Express' or Fastify's. Name the type that your platform has. */
// biome-ignore lint/suspicious/noExplicitAny: which of the two it is, the team knows
export type PlatformRequest = any;

/** What routes may say, and the module for all of them. */
export type RouteOptions = Omit<Partial<HttpOptions<PlatformRequest>>, 'idempotency'>;

interface CommonOptions {
  /** Defaults of routes with `@IdempotencyKey()`, above all `scope`. */
  readonly http?: RouteOptions | undefined;
  /** How long the shutdown of the application waits for what is running. Default `'20s'`. */
  readonly shutdownTimeout?: Duration | undefined;
}

/** Options of `TwiceproofModule`: those of `createIdempotency`, or a deployment that is there already,
 * which the shutdown of the application drains as well. */
export type TwiceproofModuleOptions = CommonOptions &
  (IdempotencyOptions | { readonly idempotency: Idempotency });
