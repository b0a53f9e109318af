import { IdempotencyError, type StoreOptions } from '@twiceproof/core';
import type { RedisClient, RedisNode } from './client.ts';
import type { CommandSettings } from './command-settings.ts';
import { masterNodes, nodeName } from './master-nodes.ts';
import { parseInfo } from './server-info.ts';
import { servingMaster } from './serving-master.ts';

/**
 * Keeps claims from servers that would forget records to make room: their work would be executed again.
 * A server that may not tell is given the benefit of the doubt; `verify` says that it does not.
 */
export interface EvictionGuard {
  /** True for a minute once every master has answered that it keeps what it has: nothing to check. */
  readonly isQuiet: boolean;
  /** Throws if the master that decides about the record forgets. Others are not waited for. */
  check(recordId: string, options: StoreOptions | undefined): Promise<void>;
}

const freshForMs = 60_000;

/** A question to a master, which is answered by what is wrong with it. */
type Look = Promise<string | undefined>;

export function createEvictionGuard(
  client: RedisClient,
  { prefix, delivery, fault }: Pick<CommandSettings, 'prefix' | 'delivery' | 'fault'>,
): EvictionGuard {
  let looks = new Map<RedisNode, Look>();
  let askedAt = Number.NEGATIVE_INFINITY;
  const unsettled = new Set<RedisNode>();
  let isQuiet = false;
  const keyPrefix = client.options?.keyPrefix ?? '';
  const isFresh = () => performance.now() - askedAt < freshForMs;

  const lookAt = (node: RedisNode): void => {
    const round = looks;
    unsettled.add(node);
    const look = evictionOf(node).catch(() => undefined);
    looks.set(node, look);
    void look.then((wrong) => {
      if (round !== looks) return;
      // What is wrong may be mended: the next claim asks again.
      if (wrong !== undefined) looks.delete(node);
      else unsettled.delete(node);
      isQuiet = unsettled.size === 0;
    });
  };

  return {
    get isQuiet() {
      return isQuiet && isFresh();
    },
    async check(recordId, options) {
      const key = `${prefix}:${recordId}`;
      // Whoever gives up while it waits here must not claim afterwards.
      const request = options && { signal: options.signal };
      const asked = delivery.deliver(key, request, async () => {
        if (!isFresh()) {
          looks = new Map();
          unsettled.clear();
          askedAt = performance.now();
        }
        for (const node of masterNodes(client)) if (!looks.has(node)) lookAt(node);
        const serving = servingMaster(client, keyPrefix + key);
        return serving && looks.get(serving);
      });
      const wrong = await asked.catch((error: unknown) => {
        throw fault(error, recordId);
      });
      if (wrong !== undefined) throw new IdempotencyError('STORE_UNAVAILABLE', wrong, { recordId });
    },
  };
}

async function evictionOf(node: RedisNode): Promise<string | undefined> {
  const info = parseInfo(await node.info());
  const policy = info.get('maxmemory_policy') ?? 'noeviction';
  if (policy === 'noeviction' || Number(info.get('maxmemory') ?? 0) === 0) return undefined;
  return `maxmemory-policy of ${nodeName(node)} is ${policy}: a server that is full forgets records, and their work is executed again; set noeviction, or give the store allowEviction: true if that may happen`;
}
