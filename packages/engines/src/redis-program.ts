import { join } from 'node:path';
import { debianPackages, libraryPath } from './debian-packages.ts';
import { executableOnPath } from './executable-on-path.ts';

export interface RedisProgram {
  readonly command: string;
  readonly env: Record<string, string>;
  /** Arguments before the server's own. */
  readonly before?: readonly string[];
}

/** A Redis 7 server: the one on PATH, else Debian's, fetched into the cache folder. */
export async function redisProgram(): Promise<RedisProgram> {
  const command = executableOnPath('redis-server');
  if (command) return { command, env: {} };
  const folder = await debianPackages(
    'redis-7',
    [
      'redis-server',
      'redis-tools',
      'libjemalloc2',
      'liblzf1',
      'liblua5.1-0',
      'lua-cjson',
      'lua-bitop',
      'libatomic1',
    ],
    'Put redis-server (7 or newer) on PATH, e.g. `apt-get install redis-server` or `brew install redis`, or set REDIS_URL.',
  );
  return { command: join(folder, 'usr/bin/redis-server'), env: libraryPath(folder) };
}
