import type { RedisClient, RedisNode } from './client.ts';

/** The servers that hold records: the masters of a Cluster in a stable order, else the client's. */
export function masterNodes(client: RedisClient): readonly RedisNode[] {
  const masters = client.nodes?.('master');
  if (masters === undefined) return [client];
  return [...masters].sort((one, other) => (nodeName(one) < nodeName(other) ? -1 : 1));
}

export function nodeName({ options }: RedisNode): string {
  const { host, port } = (options ?? {}) as { host?: string; port?: number };
  return `${host}:${port}`;
}
