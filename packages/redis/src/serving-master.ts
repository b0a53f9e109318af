import calculateSlot from 'cluster-key-slot';
import type { RedisClient, RedisNode } from './client.ts';
import { nodeName } from './master-nodes.ts';

/** The server that decides about a key, as far as the client knows. */
export function servingMaster(client: RedisClient, key: string): RedisNode | undefined {
  if (client.nodes === undefined) return client;
  const name = client.slots?.[calculateSlot(key)]?.[0];
  return name === undefined
    ? undefined
    : client.nodes('master').find((node) => nodeName(node) === name);
}
