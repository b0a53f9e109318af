import { dynamodb } from './dynamodb.ts';
import { postgres } from './postgres.ts';
import { singleRedis } from './redis.ts';
import type { Subject } from './target.ts';

export const subjects: readonly Subject[] = [
  { name: 'redis', mode: 'reexecute', start: singleRedis },
  { name: 'redis-probe', mode: 'probe', start: singleRedis },
  { name: 'postgres-18', mode: 'reexecute', start: () => postgres(18, 'postgres') },
  { name: 'postgres-probe', mode: 'probe', start: () => postgres(18, 'postgres') },
  { name: 'transactional', mode: 'transactional', start: () => postgres(18, 'transactional') },
  { name: 'dynamodb', mode: 'reexecute', start: dynamodb },
];
