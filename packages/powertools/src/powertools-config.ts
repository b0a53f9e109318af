import type { Execution } from '@twiceproof/core';
import type { JmesPathFunctions } from './identity/select.ts';

/** What `makeIdempotent` takes of an `IdempotencyConfig`; anything else of it has no effect. */
export interface PowertoolsConfig {
  /** What is hashed of the payload. Default `''`: all of it. */
  readonly eventKeyJmesPath?: string | undefined;
  /** What must not change for the same key. Default: nothing. */
  readonly payloadValidationJmesPath?: string | undefined;
  /** `true` refuses calls without a key as `KEY_MISSING`; `false` runs them without idempotency. Default
   * `false`. */
  readonly throwOnNoIdempotencyKey?: boolean | undefined;
  /** Default 3600. */
  readonly expiresAfterSeconds?: number | undefined;
  /** Of the old ids alone. Default `'md5'`. */
  readonly hashFunction?: string | undefined;
  readonly jmesPathOptions?:
    | JmesPathFunctions
    | { readonly customFunctions?: JmesPathFunctions | undefined }
    | undefined;
  /** Called with each replayed result; what it answers is the call's answer. */
  readonly responseHook?: ((response: never, record: never) => unknown) | undefined;
  /** `false` runs every call without idempotency. */
  readonly isEnabled?: (() => boolean) | undefined;
}

/** The record of a replay as a response hook of Powertools knows it. */
export function replayedRecord({ value, record }: Execution<unknown>): object {
  const expiresAt = record?.expiresAt;
  const expiryTimestamp =
    expiresAt === undefined ? undefined : Math.floor(Number(expiresAt) / 1_000);
  return {
    idempotencyKey: record?.id,
    status: 'COMPLETED',
    expiryTimestamp,
    responseData: value,
    getResponse: () => value,
    getStatus: () => 'COMPLETED',
    isExpired: () => false,
  };
}
