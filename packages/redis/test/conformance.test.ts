import { once } from 'node:events';
import {
  type RedisEngine,
  startRedis,
  startRedisCluster,
  startRedisSentinel,
} from '@twiceproof/engines';
import { describeStore, type StoreHarness } from '@twiceproof/testing';
import { Cluster, Redis } from 'ioredis';
import { redisStore } from '../src/redis-store.ts';

const prefix = 'conformance';

type Clients<Client> = readonly [Client, Client];

/** Two stores, each with a client of its own. */
function harness(clients: Clients<Redis | Cluster>, stopEngine: () => Promise<void>): StoreHarness {
  const stores = [
    redisStore({ client: clients[0], prefix }),
    redisStore({ client: clients[1], prefix }),
  ] as const;
  return {
    stores,
    async damage(id) {
      const key = `${prefix}:${id}`;
      const length = await clients[0].strlen(key);
      const start = await clients[0].getrangeBuffer(key, 0, Math.floor(length / 3));
      await clients[0].set(key, start, 'KEEPTTL');
    },
    clientWorks: () => clients[0].get('any'),
    async dispose() {
      for (const store of stores) await store.close();
      for (const client of clients) client.disconnect();
      await stopEngine();
    },
  };
}

/** With a failover: the first client is led to a read-only copy of the master, and what it connects to
 * after that is the master again. */
function failingOver(clients: Clients<Redis>, master: RedisEngine): StoreHarness {
  const whole = harness(clients, master.stop);
  const [client] = clients;
  let replica: Promise<RedisEngine> | undefined;
  return {
    ...whole,
    async failOver() {
      replica ??= replicaOf(master);
      const { port } = await replica;
      const connected = once(client, 'ready');
      client.options.port = port;
      client.disconnect(true);
      await connected;
      client.options.port = master.port;
    },
    async dispose() {
      await whole.dispose();
      await (await replica)?.stop();
    },
  };
}

async function replicaOf(master: RedisEngine): Promise<RedisEngine> {
  const replica = await startRedis({ own: true });
  const admin = new Redis(replica.url);
  await admin.replicaof(master.host, master.port);
  while (!(await admin.info('replication')).includes('master_link_status:up'));
  admin.disconnect();
  return replica;
}

for (const enableAutoPipelining of [false, true]) {
  const how = enableAutoPipelining ? ' with auto-pipelining' : '';

  describeStore(
    `Redis${how}`,
    async () => {
      const master = await startRedis();
      const connect = () => new Redis(master.url, { enableAutoPipelining });
      return failingOver([connect(), connect()], master);
    },
    {
      without: ['setup'],
      parallel: true,
      canFailOver: true,
      // The server is the same, however requests are sent to it.
      ...(enableAutoPipelining && { contention: { rounds: 40, claims: 50 } }),
    },
  );

  describeStore(
    `Redis Cluster${how}`,
    async () => {
      const { nodes, stop } = await startRedisCluster();
      const connect = () => new Cluster([...nodes], { enableAutoPipelining });
      return harness([connect(), connect()], stop);
    },
    { without: ['setup'], parallel: true, contention: { rounds: 40, claims: 50 } },
  );
}

describeStore(
  'Redis behind Sentinel',
  async () => {
    const { name, sentinels, stop } = await startRedisSentinel();
    const connect = () => new Redis({ name, sentinels: [...sentinels] });
    return harness([connect(), connect()], stop);
  },
  { without: ['setup'], parallel: true, contention: { rounds: 40, claims: 50 } },
);
