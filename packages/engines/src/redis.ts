import { type RedisProgram, redisProgram } from './redis-program.ts';
import { type ServerProcess, type ServerSpec, startServer } from './server-process.ts';
import { userEngine } from './user-engine.ts';
import { valkeyProgram } from './valkey-program.ts';

export interface RedisEngine extends ServerProcess {
  /** `redis://host:port` */
  readonly url: string;
  readonly host: string;
}

export interface RedisOptions {
  /** Arguments of redis-server, e.g. `['--maxmemory', '10mb']`; means a server of our own. */
  readonly config?: readonly string[];
  /** A server of our own, also where REDIS_URL is set; for tests that stop or reconfigure it. */
  readonly own?: boolean;
}

/** One Redis: that of REDIS_URL where set, else one of our own, without persistence unless configured. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisEngine> {
  const given = process.env.REDIS_URL;
  if (given && !options.own && !options.config) {
    const { hostname, port } = new URL(given);
    const engine = userEngine('Redis', 'REDIS_URL');
    return Object.assign(engine, { url: given, host: hostname, port: Number(port || 6379) });
  }
  return asRedis(await startServer(await redisSpec(options.config)));
}

/** One Valkey of our own, of a version with `SET … IFEQ`, without persistence unless configured. */
export async function startValkey(
  options: Pick<RedisOptions, 'config'> = {},
): Promise<RedisEngine> {
  return asRedis(await startServer(await redisSpec(options.config, valkeyProgram)));
}

/** How to run redis-server with these arguments. */
export async function redisSpec(
  config: readonly string[] = [],
  program: () => Promise<RedisProgram> = redisProgram,
): Promise<ServerSpec> {
  const { command, env, before = [] } = await program();
  return {
    name: 'redis',
    command,
    env,
    args: (port, folder) => [
      ...before,
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
      // A replica is sent its first copy at once, not after five seconds of waiting for others.
      ...['--save', '', '--repl-diskless-sync-delay', '0', ...config],
    ],
    ready: /Ready to accept connections/,
    stopSignal: 'SIGTERM',
    crashSignal: 'SIGKILL',
  };
}

export function asRedis(server: ServerProcess): RedisEngine {
  const host = '127.0.0.1';
  // Adding to the object keeps `pid` the getter that it is.
  return Object.assign(server, { host, url: `redis://${host}:${server.port}` });
}
