import { createIdempotency, type Store } from '@twiceproof/core';
import { startRedis } from '@twiceproof/engines';
import { redisStore } from '@twiceproof/redis';
import { Redis } from 'ioredis';
import type { Setting } from '../measuring/benchmark.ts';
import type { Comparison } from '../measuring/comparison.ts';
import { requestsOfMany } from './titles.ts';

const executionMs = 300;

/** How often a process asks Redis while many of its calls wait for the same key, which another process executes. */
export async function* waiters({ cleanUp, count, uses }: Setting): AsyncIterable<Comparison> {
  const engine = await startRedis();
  cleanUp.defer(() => engine.stop());
  const connect = (): Redis => {
    const client = new Redis(engine.url, { enableAutoPipelining: true });
    cleanUp.defer(() => client.disconnect());
    return client;
  };
  const info = await connect().info('server');
  uses('Redis', /redis_version:(\S+)/.exec(info)?.[1] ?? '');
  let asked = 0;
  const elsewhere = redisStore({ client: connect() });
  const here = counting(redisStore({ client: connect() }), () => {
    asked++;
  });
  const executing = createIdempotency({ environment: 'benchmark', store: elsewhere });
  const waiting = createIdempotency({
    environment: 'benchmark',
    store: here,
    inProgress: { wait: '1m' },
  });
  let made = 0;
  const requestsOf = async (calls: number) => {
    const work = { operation: 'wait', key: `key-${made++}-${process.pid}-${Date.now()}` };
    const started = Promise.withResolvers<void>();
    const executed = executing.execute(work, async () => {
      started.resolve();
      await new Promise((resolve) => setTimeout(resolve, executionMs));
      return work.key;
    });
    await started.promise;
    asked = 0;
    const refuse = () => {
      throw new Error('a waiter executed');
    };
    const answers = await Promise.all(
      Array.from({ length: calls }, () => waiting.execute<string>(work, refuse)),
    );
    await executed;
    if (answers.some(({ value, outcome }) => value !== work.key || outcome !== 'replayed'))
      throw new Error('a waiter was answered with something else');
    return { requests: asked };
  };
  yield {
    title: 'waiting for a key that another process executes',
    atOnce: 1,
    contenders: [
      { name: 'one waiter', role: 'floor', sample: () => requestsOf(1) },
      { name: '10,000 waiters', role: 'ours', sample: () => requestsOf(count(10_000)) },
    ],
    derived: { [requestsOfMany]: ([one, many]) => many!.requests! / one!.requests! },
  };
}

function counting(store: Store, asked: () => void): Store {
  return {
    ...store,
    acquire: (...given) => {
      asked();
      return store.acquire(...given);
    },
    get: (...given) => {
      asked();
      return store.get(...given);
    },
  };
}
