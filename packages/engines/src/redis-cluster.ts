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
  /** Where asked for: one of each master, in their order. */
  readonly replicas: readonly RedisEngine[];
  stop(): Promise<void>;
}

const slots = 16_384;
const masterCount = 3;

export interface RedisClusterOptions {
  /** Arguments of each redis-server. */
  readonly config?: readonly string[];
  /** Gives each master a replica, which takes its place two to four seconds after its death. */
  readonly replicas?: boolean;
}

/** Three masters of a Redis Cluster that is ready to serve every slot. */
export async function startRedisCluster(
  options: RedisClusterOptions = {},
): Promise<RedisClusterEngine> {
  const servers: RedisEngine[] = [];
  const clients: Redis[] = [];
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  const count = options.replicas ? 2 * masterCount : masterCount;
  try {
    for (let index = 0; index < count; index++) {
      // The default bus port is the server's plus 10,000, which may be taken or beyond the last port.
      const busPort = await freePort();
      const server = await startNode(busPort, options.config);
      servers.push(server);
      const client = new Redis(server.url);
      clients.push(client);
      if (index < masterCount) await assignSlots(client, index);
      await clients[0]!.call('CLUSTER', 'MEET', server.host, server.port, busPort);
    }
    await until('every node of the cluster knows whose every slot is', async () => {
      const states = await Promise.all(clients.map((client) => client.cluster('INFO')));
      const nodes = await Promise.all(clients.map((client) => client.cluster('NODES')));
      return (
        // A cluster that does without full coverage is ok before it knows them.
        states.every((state) => state.includes('cluster_state:ok')) &&
        states.every((state) => state.includes(`cluster_slots_ok:${slots}`)) &&
        nodes.every((known) => String(known).trim().split('\n').length === count)
      );
    });
    const following = clients.slice(masterCount);
    await Promise.all(following.map((replica, index) => follow(replica, clients[index]!)));
  } catch (error) {
    for (const client of clients) client.disconnect();
    await stop();
    throw error;
  }
  for (const client of clients) client.disconnect();
  const [masters, replicas] = [servers.slice(0, masterCount), servers.slice(masterCount)];
  return { nodes: masters.map(({ host, port }) => ({ host, port })), masters, replicas, stop };
}

async function startNode(busPort: number, config: readonly string[] = []): Promise<RedisEngine> {
  const cluster = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort)];
  // A replica that has heard nothing from its master is not told of.
  const timing = ['--cluster-node-timeout', '2000', '--repl-ping-replica-period', '1'];
  return asRedis(await startServer(await redisSpec([...cluster, ...timing, ...config])));
}

async function assignSlots(client: Redis, index: number): Promise<void> {
  const from = Math.floor((slots * index) / masterCount);
  const to = Math.floor((slots * (index + 1)) / masterCount) - 1;
  await client.call('CLUSTER', 'ADDSLOTSRANGE', String(from), String(to));
  await client.call('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
}

async function follow(replica: Redis, master: Redis): Promise<void> {
  const id = String(await master.call('CLUSTER', 'MYID'));
  await replica.call('CLUSTER', 'REPLICATE', id);
  await until('the replica follows its master', async () =>
    (await replica.info('replication')).includes('master_link_status:up'),
  );
  await until('the master knows its replica', async () =>
    String(await master.call('CLUSTER', 'SLOTS')).includes(String(replica.options.port)),
  );
}
