import type { Benchmark } from './benchmark.ts';
import { dynamodb } from './dynamodb.ts';
import { http } from './http.ts';
import { inProcess } from './in-process.ts';
import { instrumentation } from './instrumentation.ts';
import { memory } from './memory.ts';
import { postgres } from './postgres.ts';
import { redis } from './redis.ts';

/** In the order in which they run. */
export const benchmarks: readonly Benchmark[] = [
  instrumentation,
  memory,
  inProcess,
  http,
  redis,
  postgres,
  dynamodb,
];
