import type { StoreOptions } from '@twiceproof/core';
import { nodeCrypto } from '@twiceproof/core/toolkit';
import { attributes } from './attributes.ts';
import { nextFence } from './claimed.ts';
import { aliasesOf, expression } from './expression.ts';
import { deletedState, type Item, number, ttlSeconds } from './item.ts';
import { find, isExpired, makeSureOfTime, type StoreContext } from './store-context.ts';
import { atVersion } from './version.ts';

/**
 * Empties the item down to its fence, under which the next claim must not fall, and lets DynamoDB
 * delete it once the clock alone keeps later fences above it.
 */
export function createDelete(
  context: StoreContext,
): (
  id: string,
  options?: StoreOptions & { readonly version?: string | undefined },
) => Promise<boolean> {
  const { layout, clock, requests } = context;
  const kept = new Set(['fence', 'state', 'deletedAt', 'ttl']);
  const removed = attributes.filter((attribute) => !kept.has(attribute));
  const update = expression(
    layout,
    'SET #fence = if_not_exists(#fence, :seed), #state = :state, #deletedAt = :now, #ttl = :ttl ' +
      `REMOVE ${removed.map((attribute) => `#${attribute}`).join(', ')}`,
  );
  const exists = 'attribute_exists(#pk) AND attribute_not_exists(#deletedAt)';

  return async (id, options) => {
    const version = atVersion(options?.version);
    if (version === undefined) return false;
    await makeSureOfTime(context, id, options);
    const now = clock.now();
    // Tells this deletion from others, if the client has to try it twice.
    const state = deletedState(nodeCrypto().randomUUID());
    const condition = expression(layout, [exists, ...version.conditions].join(' AND '));
    const answer = await requests.update(
      {
        Key: layout.keys.of(id),
        UpdateExpression: update.text,
        ConditionExpression: condition.text,
        ...aliasesOf(update, condition),
        ExpressionAttributeValues: {
          ...version.values,
          ':seed': number(nextFence(undefined, now)),
          ':state': state,
          ':now': number(now),
          ':ttl': number(ttlSeconds(now, layout.graceMs)),
        },
      },
      options?.signal,
    );
    if (answer.written) return counted(context, id, answer.before!, options);
    return answer.found?.[layout.names.state]?.S === state.S;
  };
}

/** Whether there was a record to delete; one that cannot be read counts. */
function counted(
  context: StoreContext,
  id: string,
  item: Item,
  options: StoreOptions | undefined,
): boolean {
  try {
    const found = find(context, id, item);
    return found !== undefined && !isExpired(context, found, context.clock.now(), options);
  } catch {
    return true;
  }
}
