import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { asRedis, type RedisEngine, redisSpec } from './redis.ts';
import { redisProgram } from './redis-program.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { until } from './until.ts';

export interface RedisSentinelEngine {
  /** To be given to `new Redis({ name, sentinels })`. */
  readonly name: string;
  readonly sentinels: readonly { readonly host: string; readonly port: number }[];
  /** The master at the start, and its replica. */
  readonly master: RedisEngine;
  readonly replica: RedisEngine;
  stop(): Promise<void>;
}

/** A master with a replica, watched by three sentinels that fail over about two seconds after its death. */
export async function startRedisSentinel(
  options: { readonly config?: readonly string[] } = {},
): Promise<RedisSentinelEngine> {
  const config = options.config ?? [];
  const running: ServerProcess[] = [];
  const stop = async () => {
    await Promise.all(running.map((server) => server.stop()));
  };
  try {
    const master = asRedis(await startServer(await redisSpec(config)));
    running.push(master);
    const follow = ['--replicaof', master.host, String(master.port)];
    const replica = asRedis(await startServer(await redisSpec([...follow, ...config])));
    running.push(replica);
    await replicating(replica);
    for (let count = 0; count < 3; count++) running.push(await startSentinel(master));
    const sentinels = running.slice(2).map(({ port }) => ({ host: master.host, port }));
    await Promise.all(sentinels.map(({ port }) => watching(port)));
    return { name: 'twiceproof', sentinels, master, replica, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startSentinel(master: RedisEngine): Promise<ServerProcess> {
  const { command, env } = await redisProgram();
  return startServer({
    name: 'sentinel',
    command,
    env,
    // A sentinel keeps its state in its configuration file.
    prepare: (folder, port) =>
      writeFile(
        join(folder, 'sentinel.conf'),
        [
          `port ${port}`,
          'bind 127.0.0.1',
          `dir ${folder}`,
          `sentinel monitor twiceproof ${master.host} ${master.port} 2`,
          'sentinel down-after-milliseconds twiceproof 1000',
          'sentinel failover-timeout twiceproof 5000',
          '',
        ].join('\n'),
      ),
    args: (_port, folder) => [join(folder, 'sentinel.conf'), '--sentinel'],
    ready: /\+monitor master/,
    stopSignal: 'SIGTERM',
    crashSignal: 'SIGKILL',
  });
}

async function replicating(replica: RedisEngine): Promise<void> {
  const client = new Redis(replica.url);
  try {
    await until('the replica follows its master', async () =>
      (await client.info('replication')).includes('master_link_status:up'),
    );
  } finally {
    client.disconnect();
  }
}

async function watching(port: number): Promise<void> {
  const client = new Redis({ host: '127.0.0.1', port });
  try {
    await until(
      'the sentinel knows the replica and the other sentinels',
      async () =>
        (await client.info('sentinel')).includes('status=ok,address=127.0.0.1') &&
        /slaves=1,sentinels=3/.test(await client.info('sentinel')),
    );
  } finally {
    client.disconnect();
  }
}
