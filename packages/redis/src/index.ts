export type { RedisClient, RedisNode, RedisPipeline, RedisSubscriber } from './client.ts';
export { type RedisInvalidationOptions, redisInvalidation } from './invalidation.ts';
export {
  type NodeRedisClient,
  type NodeRedisPublisher,
  type NodeRedisSubscriber,
  nodeRedis,
} from './node-redis.ts';
export type { RedisStoreOptions } from './options.ts';
export { type RedisStore, redisStore } from './redis-store.ts';
export type { RedisWarning } from './verify.ts';
