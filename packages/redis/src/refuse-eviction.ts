import { IdempotencyError, type StoreOptions } from '@idemkit/core';
import type { RedisClient, RedisNode } from './client.ts';
import { masterNodes, nodeName } from './master-nodes.ts';
import { parseInfo } from './server-info.ts';
import { untilAborted } from './until-aborted.ts';

/**
 * Throws where a server would forget records to make room: their work would be executed again. A
 * server that does not tell is given the benefit of the doubt; `verify` says that it does not.
 */
export type RefuseEviction = (recordId: string, options: StoreOptions | undefined) => Promise<void>;

export function createRefuseEviction(client: RedisClient): RefuseEviction {
  let asking: Promise<readonly string[]> | undefined;
  const ask = (options: StoreOptions | undefined) =>
    untilAborted(client, options, () => Promise.all(masterNodes(client).map(evictionOf)))
      .then((found) => found.filter((each) => each !== undefined))
      .catch(() => [])
      .finally(() => {
        asking = undefined;
      });

  return async (recordId, options) => {
    asking ??= ask(options);
    const [first] = await asking;
    if (first !== undefined) throw new IdempotencyError('STORE_UNAVAILABLE', first, { recordId });
  };
}

async function evictionOf(node: RedisNode): Promise<string | undefined> {
  const info = parseInfo(await node.info());
  const policy = info.get('maxmemory_policy') ?? 'noeviction';
  if (policy === 'noeviction' || Number(info.get('maxmemory') ?? 0) === 0) return undefined;
  return `maxmemory-policy of ${nodeName(node)} is ${policy}: a server that is full forgets records, and their work is executed again; set noeviction, or give the store allowEviction: true if that may happen`;
}
