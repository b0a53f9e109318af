import { setTimeout as delay } from 'node:timers/promises';
import { createIdempotency, type Idempotency } from '@twiceproof/core';
import { redisStore } from '@twiceproof/redis';
import { Redis } from 'ioredis';

/** What a consumer process is told on its command line. */
export interface Assignment {
  readonly redisUrl: string;
  /** Of this run: its records, its list of effects. */
  readonly environment: string;
  /** How to reach the broker, and the name of the queue, stream or topic there. */
  readonly url: string;
  readonly queue: string;
  /** How long the work on one message takes. */
  readonly workMs: number;
}

export const leaseMs = 2_000;

export const recordsOf = (client: Redis, environment: string): Idempotency =>
  createIdempotency({ environment, store: redisStore({ client }), lease: leaseMs });

/** One effect: that of `id`, by the process `pid`. */
export interface Effect {
  readonly id: string;
  readonly pid: number;
}

/** The handler of all consumers, and what makes its work safe to do twice. */
export function workOf({ redisUrl, environment, workMs }: Assignment) {
  const redis = new Redis(redisUrl);
  return {
    idempotency: recordsOf(redis, environment),
    handler: async (id: string): Promise<string> => {
      // There is time to die before the effect and after it.
      await delay(workMs / 2);
      const effect: Effect = { id, pid: process.pid };
      await redis.rpush(environment, JSON.stringify(effect));
      await delay(workMs / 2);
      return `done ${id}`;
    },
    close: () => redis.disconnect(),
  };
}
