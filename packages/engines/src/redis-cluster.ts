import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';
import { asRedis, type RedisEngine, redisSpec } from './redis.ts';
import { startServer } from './server-process.ts';
import { until } from './until.ts';

export interface RedisClusterEngine {
  /** To be given to `new Cluster(nodes)`. */
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  /** Each with the handles of a single server; the slots are spread over them in this order. */
  readonly masters: readonly RedisEngine[];
  stop(): Promise<void>;
}

const slots = 16_384;
const masterCount = 3;

/** Three masters of a Redis Cluster that is ready to serve every slot. */
export async function startRedisCluster(
  options: { readonly config?: readonly string[] } = {},
): Promise<RedisClusterEngine> {
  const masters: RedisEngine[] = [];
  const clients: Redis[] = [];
  const stop = async () => {
    await Promise.all(masters.map((master) => master.stop()));
  };
  try {
    for (let index = 0; index < masterCount; index++) {
      // The default bus port is the server's plus 10,000, which may be taken or beyond the last port.
      const busPort = await freePort();
      const master = await startMaster(busPort, options.config);
      masters.push(master);
      const client = new Redis(master.url);
      clients.push(client);
      await assignSlots(client, index);
      await clients[0]!.call('CLUSTER', 'MEET', master.host, master.port, busPort);
    }
    await until('every node of the cluster sees cluster_state:ok', async () => {
      const states = await Promise.all(clients.map((client) => client.cluster('INFO')));
      const nodes = await Promise.all(clients.map((client) => client.cluster('NODES')));
      return (
        states.every((state) => state.includes('cluster_state:ok')) &&
        nodes.every((known) => String(known).trim().split('\n').length === masterCount)
      );
    });
  } catch (error) {
    for (const client of clients) client.disconnect();
    await stop();
    throw error;
  }
  for (const client of clients) client.disconnect();
  return { nodes: masters.map(({ host, port }) => ({ host, port })), masters, stop };
}

async function startMaster(busPort: number, config: readonly string[] = []): Promise<RedisEngine> {
  const cluster = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort)];
  const timing = ['--cluster-node-timeout', '2000'];
  return asRedis(await startServer(await redisSpec([...cluster, ...timing, ...config])));
}

async function assignSlots(client: Redis, index: number): Promise<void> {
  const from = Math.floor((slots * index) / masterCount);
  const to = Math.floor((slots * (index + 1)) / masterCount) - 1;
  await client.call('CLUSTER', 'ADDSLOTSRANGE', String(from), String(to));
  await client.call('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
}
