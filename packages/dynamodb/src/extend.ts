import type { StoredRecord, StoreOptions } from '@twiceproof/core';
import { namesIn } from './expression.ts';
import { type Item, number, readRecord, ttlSeconds } from './item.ts';
import { find, makeSureOfTime, type Table } from './table.ts';
import { atVersion } from './version.ts';

const settled = '(#status = :completed OR #status = :failed) AND attribute_not_exists(#copyUntil)';

/** Sets a settled record's expiry, counted from now, if it still counts. */
export function extender(
  table: Table,
): (
  id: string,
  retentionMs: number | null,
  options?: StoreOptions & { readonly version?: string | undefined },
) => Promise<StoredRecord | undefined> {
  const { layout, clock, requests } = table;
  const { names, graceMs } = layout;

  return async (id, retentionMs, options) => {
    const version = atVersion(options?.version);
    if (version === undefined) return undefined;
    await makeSureOfTime(table, id, options);
    const now = clock.now();
    const expiresAt = retentionMs === null ? undefined : now + Math.ceil(retentionMs);
    const expiry: Item =
      expiresAt === undefined
        ? {}
        : {
            [names.expiresAt]: number(expiresAt),
            [names.ttl]: number(ttlSeconds(expiresAt, graceMs)),
          };
    const UpdateExpression =
      expiresAt === undefined
        ? 'REMOVE #expiresAt, #ttl'
        : 'SET #expiresAt = :expiresAt, #ttl = :ttl';
    const counts =
      options?.retirement === 'paused'
        ? '(attribute_not_exists(#expiresAt) OR #expiresAt > :now OR #status = :completed)'
        : '(attribute_not_exists(#expiresAt) OR #expiresAt > :now)';
    const ConditionExpression = [settled, counts, ...version.conditions].join(' AND ');
    const answer = await requests.update(
      {
        Key: layout.keys.of(id),
        UpdateExpression,
        ConditionExpression,
        ExpressionAttributeNames: namesIn(layout, UpdateExpression, ConditionExpression),
        ExpressionAttributeValues: {
          ...(expiresAt !== undefined && {
            ':expiresAt': number(expiresAt),
            ':ttl': number(ttlSeconds(expiresAt, graceMs)),
          }),
          ...version.values,
          ':completed': { S: 'completed' },
          ':failed': { S: 'failed' },
          ':now': number(now),
        },
      },
      options?.signal,
    );
    if (answer.written) {
      const { [names.expiresAt]: _, [names.ttl]: __, ...rest } = answer.before!;
      return readRecord(layout, id, { ...rest, ...expiry });
    }
    // The version changes with the expiry: a first try of this very request may have landed.
    const found = answer.found && find(table, id, answer.found)?.record;
    const isMine =
      found !== undefined &&
      found.expiresAt === expiresAt &&
      `${found.fence}.${found.status}` === options?.version?.replace(/\.[^.]*$/, '');
    return isMine ? found : undefined;
  };
}
