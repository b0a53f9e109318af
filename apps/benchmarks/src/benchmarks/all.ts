import type { Benchmark } from '../measuring/benchmark.ts';

/** In the order in which they run. */
export const benchmarks: readonly Benchmark[] = [
  {
    name: 'instrumentation',
    about: 'telemetry: none, without an SDK, with one; on Redis and in memory',
    load: async () => (await import('./instrumentation.ts')).instrumentation,
  },
  {
    name: 'memory',
    about: 'replays from memory, against a hash of the event; bytes for each record',
    load: async () => (await import('./memory.ts')).memory,
  },
  {
    name: 'in-process',
    about: 'first executions and replays without an engine, against AWS Powertools on a Map',
    load: async () => (await import('./in-process.ts')).inProcess,
  },
  {
    name: 'http',
    about:
      'the Idempotency-Key header on Express and Hono, against the bare handler and one with a query',
    load: async () => (await import('./http.ts')).http,
  },
  {
    name: 'redis',
    about: 'first executions and replays on Redis, against the bare commands and peers',
    load: async () => (await import('./redis.ts')).redis,
  },
  {
    name: 'valkey',
    about: 'the same on Valkey, which settles a record without a script',
    load: async () => (await import('./redis.ts')).valkey,
  },
  {
    name: 'postgres',
    about: 'first executions and replays on Postgres, against statements by hand and DBOS',
    load: async () => (await import('./postgres.ts')).postgres,
  },
  {
    name: 'dynamodb',
    about: 'first executions and replays on DynamoDB, against the bare requests and AWS Powertools',
    load: async () => (await import('./dynamodb.ts')).dynamodb,
  },
  {
    name: 'imports',
    about: 'what importing core and a store takes in a new process, against AWS Powertools',
    load: async () => (await import('./imports.ts')).imports,
  },
  {
    name: 'waiters',
    about: 'how often a process asks Redis while 10,000 of its calls wait for one key',
    load: async () => (await import('./waiters.ts')).waiters,
  },
  {
    name: 'growth',
    about: 'calls with a thousand and with a million records: memory, SQLite, Redis, Postgres',
    onRequest: true,
    load: async () => (await import('./growth.ts')).growth,
  },
];
