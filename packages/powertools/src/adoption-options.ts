import type { OldFunction } from './identity/old-prefix.ts';
import type { JmesPathFunctions } from './identity/select.ts';
import type { OldDynamodb } from './tables/dynamodb-options.ts';
import type { OldRedis } from './tables/redis-client.ts';

/** A record of TypeScript whose id says the Lambda and not the function. */
export interface SharedRecord<Args extends readonly unknown[]> {
  readonly id: string;
  /** The result; undefined while in progress. */
  readonly data: unknown;
  readonly args: Args;
}

/** Where the old records are. */
export type OldPlace =
  | { readonly dynamodb: OldDynamodb; readonly redis?: undefined }
  | { readonly redis: OldRedis; readonly dynamodb?: undefined };

/** Options of `powertools`. */
export type PowertoolsOptions<Args extends readonly unknown[] = readonly unknown[]> = OldPlace &
  OldFunction & {
    /** What Powertools hashed. A text is a JMESPath expression on the first argument, as Powertools has
     * it. Default: the first argument. */
    readonly key?: string | ((...args: Args) => unknown) | undefined;
    /** What Powertools hashed for its payload validation, in the same two forms. Default: no validation. */
    readonly validation?: string | ((...args: Args) => unknown) | undefined;
    /** Functions of your own in the expressions. Default: those of Powertools. */
    readonly jmesPathFunctions?: JmesPathFunctions | undefined;
    /** As Powertools was given it. Default `'md5'`. */
    readonly hashFunction?: string | undefined;
    /**
     * Needed for TypeScript without a `keyPrefix`: its ids say the Lambda and not the function, so that
     * a record may be another function's. Name the operation that all of them belong to, or answer it for
     * each; where that is undefined, the call is refused as `HELD`.
     */
    readonly belongsTo?: string | ((record: SharedRecord<Args>) => string | undefined) | undefined;
    /** `true` while old code still runs: each claim takes the old record, too, and each result is
     * written there, so that both see each other. Default `false`: the old table is only read. */
    readonly alongside?: boolean | undefined;
    /** How long old code replays what is written `alongside`, in seconds. Default 3600. */
    readonly expiresAfterSeconds?: number | undefined;
  };
