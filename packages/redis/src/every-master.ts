import type { RedisClient, RedisNode } from './client.ts';
import { knock } from './delivery.ts';
import { masterNodes, nodeName } from './master-nodes.ts';

/**
 * The servers that hold records, all of them: a client that is not connected knows but what it was
 * started with, and drops a node that is gone.
 */
export async function everyMaster(client: RedisClient): Promise<readonly RedisNode[]> {
  if (client.nodes === undefined) return [client];
  if (client.status !== 'ready') await knock(client, 'any');
  const masters = masterNodes(client);
  const known = new Set(masters.map(nodeName));
  const gone = client.slots?.find((nodes) => nodes !== undefined && !known.has(nodes[0]!));
  if (gone !== undefined) {
    client.refreshSlotsCache?.();
    throw new Error(
      `there is no connection to ${gone[0]}, a master of the Redis Cluster: check that it runs, or let a replica take its place`,
    );
  }
  return masters;
}
