import type { OldPlace } from './adoption-options.ts';
import { openTable } from './tables/open-table.ts';

/** What is left of one function's old records. */
export interface OldRecordCount {
  /** What stands before the `#` of the ids: the Lambda, the function, or a key prefix. */
  readonly function: string;
  /** Not expired, and done. */
  readonly completed: number;
  /** Not expired, and not done; also of executors that crashed. */
  readonly inProgress: number;
  /** Past their expiration and still there; they count for nothing. */
  readonly expired: number;
  /** When the last of them expires, in milliseconds since 1970; undefined if all have expired. */
  readonly lastExpiresAt: number | undefined;
}

/**
 * Counts what is left of Powertools' records, by function: once nothing is left but expired ones, `adopt`
 * has nothing to find any more. Reads the whole table, or all keys of the Redis, and changes nothing.
 *
 * @example
 * ```ts
 * import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
 * import { countOldRecords } from '@twiceproof/powertools';
 *
 * const dynamodb = { client: new DynamoDBClient({}), table: 'powertools' };
 * for (const left of await countOldRecords({ dynamodb })) {
 *   console.log(left.function, left.completed + left.inProgress, left.lastExpiresAt);
 * }
 * ```
 */
export async function countOldRecords(
  place: OldPlace,
  onProgress: (seen: number) => void = () => {},
): Promise<readonly OldRecordCount[]> {
  const now = (): number => Date.now() / 1_000;
  const table = await openTable(place, 'typescript');
  const counts = new Map<string, Writable<OldRecordCount>>();
  let seen = 0;
  for await (const { id, status, expiration } of table.scan()) {
    onProgress(++seen);
    const name = id.slice(0, Math.max(0, id.lastIndexOf('#')));
    const count = counts.get(name) ?? { function: name, ...none };
    counts.set(name, count);
    if (expiration !== undefined && now() > expiration) {
      count.expired++;
      continue;
    }
    if (status === 'COMPLETED') count.completed++;
    else count.inProgress++;
    const expiresAt = expiration === undefined ? Number.POSITIVE_INFINITY : expiration * 1_000;
    count.lastExpiresAt = Math.max(count.lastExpiresAt ?? 0, expiresAt);
  }
  return [...counts.values()].sort((a, b) => (a.function < b.function ? -1 : 1));
}

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };

const none = { completed: 0, inProgress: 0, expired: 0, lastExpiresAt: undefined };
