import type { Store } from '@twiceproof/core';

type Addresses = readonly { readonly host: string; readonly port: number }[];

export async function openRedis(url: string, prefix?: string): Promise<Store> {
  const { Redis, redisStore } = await loadRedis();
  const client = quiet(new Redis(url, { enableAutoPipelining: true }));
  return redisStore({ client, prefix });
}

/** What is acknowledged, a replica has. */
const replicated = { replicas: 1, timeout: '1s' } as const;

export async function openCluster(nodes: Addresses, waits: boolean): Promise<Store> {
  const { Cluster, redisStore } = await loadRedis();
  const client = quiet(new Cluster([...nodes], { enableAutoPipelining: true }));
  return redisStore({ client, wait: waits ? replicated : undefined });
}

export async function openSentinel(name: string, sentinels: Addresses): Promise<Store> {
  const { Redis, redisStore } = await loadRedis();
  const client = quiet(new Redis({ name, sentinels: [...sentinels] }));
  return redisStore({ client, wait: replicated });
}

async function loadRedis() {
  const [{ Cluster, Redis }, { redisStore }] = await Promise.all([
    import('ioredis'),
    import('@twiceproof/redis'),
  ]);
  return { Cluster, Redis, redisStore };
}

/** The store tells what it could not do. */
function quiet<Client extends { on(event: 'error', listener: () => void): unknown }>(
  client: Client,
): Client {
  client.on('error', () => {});
  return client;
}
