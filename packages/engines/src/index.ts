export { type DynamodbEngine, type DynamodbOptions, startDynamodb } from './dynamodb.ts';
export { type PostgresEngine, type PostgresOptions, startPostgres } from './postgres.ts';
export { type PrometheusEngine, startPrometheus } from './prometheus.ts';
export { type PrometheusPrograms, prometheusPrograms } from './prometheus-program.ts';
export { type FaultOptions, type FaultProxy, startProxy } from './proxy.ts';
export { type RedisEngine, type RedisOptions, startRedis } from './redis.ts';
export { type RedisClusterEngine, startRedisCluster } from './redis-cluster.ts';
export { type RedisSentinelEngine, startRedisSentinel } from './redis-sentinel.ts';
export type { ServerProcess } from './server-process.ts';
