import { IdempotencyError, type StoreOptions } from '@twiceproof/core';
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
  const ask = async (): Promise<readonly string[]> => {
    try {
      const found = await Promise.all(masterNodes(client).map(evictionOf));
      return found.filter((each) => each !== undefined);
    } catch {
      return [];
    } finally {
      asking = undefined;
    }
  };

  return async (recordId, options) => {
    // One question serves all who wait for it, each for as long as it wants to.
    const [first] = await untilAborted(client, options, () => {
      asking ??= ask();
      return asking;
    });
    if (first !== undefined) throw new IdempotencyError('STORE_UNAVAILABLE', first, { recordId });
  };
}

async function evictionOf(node: RedisNode): Promise<string | undefined> {
  const info = parseInfo(await node.info());
  const policy = info.get('maxmemory_policy') ?? 'noeviction';
  if (policy === 'noeviction' || Number(info.get('maxmemory') ?? 0) === 0) return undefined;
  return `maxmemory-policy of ${nodeName(node)} is ${policy}: a server that is full forgets records, and their work is executed again; set noeviction, or give the store allowEviction: true if that may happen`;
}
