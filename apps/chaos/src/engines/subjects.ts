import { dynamodb } from './dynamodb.ts';
import { mysql } from './mysql.ts';
import { postgres } from './postgres.ts';
import { singleRedis } from './redis.ts';
import { redisCluster } from './redis-cluster.ts';
import { redisSentinel } from './redis-sentinel.ts';
import { sqlite } from './sqlite.ts';
import { stack } from './stack.ts';
import type { Subject } from './target.ts';

export const subjects: readonly Subject[] = [
  { name: 'redis', mode: 'reexecute', start: () => singleRedis() },
  { name: 'redis-probe', mode: 'probe', start: () => singleRedis() },
  { name: 'redis-cluster', mode: 'reexecute', start: () => redisCluster({ waits: false }) },
  { name: 'redis-cluster-probe', mode: 'probe', start: () => redisCluster({ waits: true }) },
  { name: 'redis-sentinel', mode: 'reexecute', start: redisSentinel },
  { name: 'postgres-15', mode: 'reexecute', start: () => postgres(15, 'postgres') },
  { name: 'postgres-18', mode: 'reexecute', start: () => postgres(18, 'postgres') },
  { name: 'postgres-probe', mode: 'probe', start: () => postgres(18, 'postgres') },
  { name: 'transactional', mode: 'transactional', start: () => postgres(18, 'transactional') },
  { name: 'dynamodb', mode: 'reexecute', start: dynamodb },
  { name: 'mysql', mode: 'reexecute', start: mysql },
  { name: 'mysql-probe', mode: 'probe', start: mysql },
  { name: 'sqlite', mode: 'reexecute', start: sqlite },
  { name: 'sqlite-probe', mode: 'probe', start: sqlite },
  { name: 'dynamodb-probe', mode: 'probe', start: dynamodb },
  { name: 'stack', mode: 'reexecute', start: stack },
];
