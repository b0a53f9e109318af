import type * as Ioredis from 'ioredis';
import { exitCodes, Failure, usage } from '../failure.ts';
import { whyUnreachable } from './connection-fault.ts';
import { connectTimeoutMs, requestTimeoutMs } from './opened-store.ts';
import type { StoreUrl } from './store-url.ts';

/** Waits for the connection, so that what is wrong with it is said at once and plainly. */
export async function connectRedis(
  url: StoreUrl,
  driver: typeof Ioredis,
): Promise<Ioredis.Redis | Ioredis.Cluster> {
  let isConnected = false;
  const fault: { last?: Error } = {};
  const retry = (times: number) => (isConnected ? Math.min(times * 100, 2_000) : null);
  const client = clientOf(url, driver, retry);
  client.on('error', (error: Error) => {
    fault.last = error;
  });
  // A Cluster tells its reason here alone.
  client.on('+node', (node: Ioredis.Redis) => node.on('error', noteFault));
  function noteFault(error: Error): void {
    fault.last ??= error;
  }
  try {
    await client.connect();
    await client.ping();
    isConnected = true;
    return client;
  } catch (error) {
    client.disconnect();
    const cause = fault.last ?? error;
    throw new Failure(exitCodes.store, `${url.label}: ${whyUnreachable(cause)}`, { cause });
  }
}

type Retry = (times: number) => number | null;

function clientOf(
  { scheme, username, password, servers, path, label }: StoreUrl,
  { Redis, Cluster }: typeof Ioredis,
  retry: Retry,
): Ioredis.Redis | Ioredis.Cluster {
  const isTls = scheme.startsWith('rediss');
  const login = {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(isTls && { tls: {} }),
  };
  const single = {
    ...login,
    lazyConnect: true,
    connectionName: 'twiceproof',
    connectTimeout: connectTimeoutMs,
    commandTimeout: requestTimeoutMs,
    maxRetriesPerRequest: 3,
    retryStrategy: retry,
  };
  const nodes = servers.map(({ host, port }) => ({ host: host || 'localhost', port }));
  if (scheme.endsWith('-cluster')) {
    const masters = nodes.map(({ host, port = 6379 }) => ({ host, port }));
    return new Cluster(masters, {
      lazyConnect: true,
      clusterRetryStrategy: retry,
      redisOptions: { ...login, connectTimeout: connectTimeoutMs },
    });
  }
  if (scheme.endsWith('-sentinel')) {
    const [name, db] = path.split('/');
    if (!name) {
      throw usage(`${label} names no master; give ${scheme}://host:26379/name-of-the-master`);
    }
    return new Redis({
      ...single,
      name,
      db: database(db, label),
      sentinels: nodes.map(({ host, port = 26379 }) => ({ host, port })),
      sentinelRetryStrategy: retry,
      enableTLSForSentinelMode: isTls,
    });
  }
  if (nodes.length > 1) {
    throw usage(`${label} names several servers; give redis-cluster:// or redis-sentinel://`);
  }
  const { host, port = 6379 } = nodes[0]!;
  return new Redis({ ...single, host, port, db: database(path, label) });
}

function database(text: string | undefined, label: string): number {
  if (!text) return 0;
  if (!/^\d{1,5}$/.test(text)) {
    throw usage(`${label} ends in '${text}'; a database of Redis is a number`);
  }
  return Number(text);
}
