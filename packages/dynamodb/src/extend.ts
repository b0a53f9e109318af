import type { StoredRecord, StoreOptions } from '@twiceproof/core';
import { aliasesOf, expression } from './expression.ts';
import { type Item, number, readItem, stateOf, ttlSeconds } from './item.ts';
import { find, makeSureOfTime, type StoreContext } from './store-context.ts';
import { atVersion } from './version.ts';

const settled =
  '(begins_with(#state, :completed) OR begins_with(#state, :failed)) AND attribute_not_exists(#copyUntil)';

/** Sets a settled record's expiry, counted from now, if it still counts. */
export function createExtend(
  context: StoreContext,
): (
  id: string,
  retentionMs: number | null,
  options?: StoreOptions & { readonly version?: string | undefined },
) => Promise<StoredRecord | undefined> {
  const { layout, clock, requests } = context;
  const forgetExpiry = expression(layout, 'REMOVE #expiresAt, #ttl');
  const setExpiry = expression(layout, 'SET #expiresAt = :expiresAt, #ttl = :ttl');

  return async (id, retentionMs, options) => {
    const version = atVersion(options?.version);
    if (version === undefined) return undefined;
    await makeSureOfTime(context, id, options);
    const now = clock.now();
    const expiresAt = retentionMs === null ? undefined : now + Math.ceil(retentionMs);
    const expiry: Item =
      expiresAt === undefined
        ? {}
        : {
            ':expiresAt': number(expiresAt),
            ':ttl': number(ttlSeconds(expiresAt, layout.graceMs)),
          };
    const update = expiresAt === undefined ? forgetExpiry : setExpiry;
    const counts =
      options?.retirement === 'paused'
        ? '(attribute_not_exists(#expiresAt) OR #expiresAt > :now OR begins_with(#state, :completed))'
        : '(attribute_not_exists(#expiresAt) OR #expiresAt > :now)';
    const condition = expression(layout, [settled, counts, ...version.conditions].join(' AND '));
    const answer = await requests.update(
      {
        Key: layout.keys.of(id),
        UpdateExpression: update.text,
        ConditionExpression: condition.text,
        ...aliasesOf(update, condition),
        ExpressionAttributeValues: {
          ...expiry,
          ...version.values,
          ':completed': stateOf('completed'),
          ':failed': stateOf('failed'),
          ':now': number(now),
        },
      },
      options?.signal,
    );
    if (answer.written) return { ...readItem(layout, id, answer.before!).record, expiresAt };
    // The version changes with the expiry: a first try of this very request may have landed.
    const found = answer.found && find(context, id, answer.found)?.record;
    const isMine =
      found !== undefined &&
      found.expiresAt === expiresAt &&
      `${found.fence}.${found.status}` === options?.version?.replace(/\.[^.]*$/, '');
    return isMine ? found : undefined;
  };
}
