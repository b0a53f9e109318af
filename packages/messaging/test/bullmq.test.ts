import { randomUUID } from 'node:crypto';
import { type RedisEngine, startRedis } from '@twiceproof/engines';
import {
  DelayedError,
  type Job,
  type JobsOptions,
  Queue,
  QueueEvents,
  UnrecoverableError,
  Worker,
} from 'bullmq';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { processor } from '../src/bullmq/index.ts';
import { deployed } from './deployed.ts';
import { begunElsewhere } from './elsewhere.ts';

interface Payment {
  readonly paymentId: string;
}

let redis: RedisEngine;
let queue: Queue<Payment>;
let events: QueueEvents;
const workers: Worker[] = [];

beforeAll(async () => {
  redis = await startRedis();
}, 180_000);
afterAll(() => redis.stop());

function connection() {
  return { host: redis.host, port: redis.port };
}

beforeEach(async () => {
  const name = `charges-${randomUUID()}`;
  queue = new Queue(name, { connection: connection() });
  events = new QueueEvents(name, { connection: connection() });
  await events.waitUntilReady();
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.close()));
  await queue.obliterate({ force: true });
  await Promise.all([queue.close(), events.close()]);
});

type Handler = (job: Job<Payment>, token?: string, signal?: AbortSignal) => Promise<unknown>;

const operation = 'charge';
const key = (job: Job<Payment>): string => job.data.paymentId;

function work(handler: Handler, { idempotency } = deployed(), own = {}): Worker {
  const worker = new Worker(
    queue.name,
    processor(idempotency, { operation, key, ...own }, handler),
    { connection: connection() },
  );
  workers.push(worker);
  return worker;
}

const add = (options: JobsOptions = {}): Promise<Job<Payment>> =>
  queue.add('charge', { paymentId: 'pay-1' }, options);

test('two jobs of one payment have one effect, and both its result', async () => {
  const handler = vi.fn(async (_: Job<Payment>) => 'charged');
  const [first, second] = [await add(), await add()];
  work(handler);
  expect(await first.waitUntilFinished(events)).toBe('charged');
  expect(await second.waitUntilFinished(events)).toBe('charged');
  expect(handler).toHaveBeenCalledOnce();
});

test('key and handler get job, token and a signal, which aborts when the job is cancelled', async () => {
  const keyed = vi.fn(key);
  const started = Promise.withResolvers<[Job, string | undefined, AbortSignal | undefined]>();
  const job = await add();
  const worker = work(
    (job, token, signal) => {
      started.resolve([job, token, signal]);
      return new Promise((_, reject) =>
        signal?.addEventListener('abort', () => reject(new Error('cancelled'))),
      );
    },
    deployed(),
    { key: keyed },
  );
  const args = await started.promise;
  expect(args[0].id).toBe(job.id);
  expect(args[1]).toEqual(expect.any(String));
  expect(keyed).toHaveBeenCalledExactlyOnceWith(...args);
  worker.cancelJob(job.id!);
  await expect(job.waitUntilFinished(events)).rejects.toThrow('cancelled');
});

test('work in progress elsewhere delays the job, and uses up no attempt', async () => {
  const deployment = await begunElsewhere({ lease: '2s' }, { operation, key: 'pay-1' });
  const delayed = Promise.withResolvers<number>();
  events.on('delayed', ({ delay }) => delayed.resolve(delay));
  const job = await add({ attempts: 1 });
  const handler = vi.fn(async () => 'mine');
  work(handler, deployment);
  expect(await delayed.promise).toBeGreaterThan(Date.now() - 1_000);
  await deployment.finish('theirs');
  expect(await job.waitUntilFinished(events)).toBe('theirs');
  expect(handler).not.toHaveBeenCalled();
  const after = await queue.getJob(job.id!);
  expect(after).toMatchObject({ attemptsMade: 1, attemptsStarted: 2 });
});

test('a worker that would count delays is warned about, once', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  try {
    const deployment = await begunElsewhere({ lease: '2s' }, { operation, key: 'pay-1' });
    const process = processor(deployment.idempotency, { operation, key }, async () => 'mine');
    const moved = vi.fn(async () => {});
    const job = {
      data: { paymentId: 'pay-1' },
      moveToDelayed: moved,
      queue: { opts: { maxStartedAttempts: 2 } },
    } as unknown as Job<Payment>;
    for (const _ of [1, 2]) await expect(process(job, 'token')).rejects.toThrow(DelayedError);
    expect(moved).toHaveBeenCalledTimes(2);
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('maxStartedAttempts'));
    await deployment.finish('theirs');
  } finally {
    warn.mockRestore();
  }
});

describe('a handler that throws', () => {
  test('uses up attempts, with the job’s backoff, and executes again', async () => {
    const handler = vi
      .fn(async (_: Job<Payment>) => 'charged')
      .mockRejectedValueOnce(new Error('gateway down'))
      .mockRejectedValueOnce(new Error('gateway down'));
    const retried: Error[] = [];
    const job = await add({ attempts: 3, backoff: { type: 'fixed', delay: 20 } });
    work(handler).on('failed', (_, error) => retried.push(error));
    expect(await job.waitUntilFinished(events)).toBe('charged');
    expect(retried.map(({ message }) => message)).toEqual(['gateway down', 'gateway down']);
    expect(await queue.getJob(job.id!)).toMatchObject({ attemptsMade: 3 });
  });

  test('fails the job with its own error when no attempt is left', async () => {
    const failed = Promise.withResolvers<Error>();
    const error = new TypeError('no gateway');
    await add({ attempts: 1 });
    work(async () => {
      throw error;
    }).on('failed', (_, reason) => failed.resolve(reason));
    expect(await failed.promise).toBe(error);
  });

  test.each([undefined, null])(
    '%s, which BullMQ cannot take, fails the job in words',
    async (thrown) => {
      const job = await add();
      work(async () => {
        throw thrown;
      });
      await expect(job.waitUntilFinished(events)).rejects.toThrow(`the handler threw ${thrown}`);
    },
  );

  test('or whose result is not to be recorded, uses up attempts as well', async () => {
    const handler = vi.fn(async () => ({ status: 'pending' }));
    const job = await add({ attempts: 2 });
    work(handler, deployed(), { verdict: () => 'release' });
    await expect(job.waitUntilFinished(events)).rejects.toThrow('the result was not recorded');
    expect(handler).toHaveBeenCalledTimes(2);
  });

  test.each(['release', 'record', 'unknown'])(
    'what moves its job itself is no failure, where failures are to %s',
    async (failure) => {
      const job = await add({ attempts: 1 });
      let calls = 0;
      const handler: Handler = async (delayed, token) => {
        calls += 1;
        if (calls > 1) return 'charged';
        await delayed.moveToDelayed(Date.now() + 20, token);
        throw new DelayedError();
      };
      work(handler, deployed(), { failure });
      expect(await job.waitUntilFinished(events)).toBe('charged');
      expect(calls).toBe(2);
    },
  );
});

describe('what would fail again fails the job for good', () => {
  test.each([
    ['work that failed for good', { failure: 'record' }, 'card declined'],
    [
      'a key that throws',
      {
        key: () => {
          throw new Error('no such field');
        },
      },
      'no such field',
    ],
    ['a key that is missing', { key: () => undefined }, 'KEY_MISSING'],
  ])('%s', async (_name, own, message) => {
    const failed = Promise.withResolvers<Error>();
    const job = await add({ attempts: 5 });
    work(
      async () => {
        throw new Error('card declined');
      },
      deployed(),
      own,
    ).on('failed', (_, reason) => failed.resolve(reason));
    await expect(job.waitUntilFinished(events)).rejects.toThrow(message);
    const error = await failed.promise;
    expect(error).toBeInstanceOf(UnrecoverableError);
    expect(error.message).toContain(message);
    expect(error.cause).toMatchObject({ message: error.message });
    expect(await queue.getJob(job.id!)).toMatchObject({ attemptsMade: 1 });
  });
});

test('a worker that is closed ends what runs, and leaves the rest', async () => {
  const started = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  const first = await add();
  await queue.add('charge', { paymentId: 'pay-2' });
  const worker = work(async () => {
    started.resolve();
    await finish.promise;
    return 'charged';
  });
  await started.promise;
  const closed = worker.close();
  finish.resolve();
  await closed;
  expect(await first.waitUntilFinished(events)).toBe('charged');
  expect(await queue.getWaitingCount()).toBe(1);
});

test('a consumer without a key is refused when it is made', () => {
  const make = (): unknown =>
    processor(deployed().idempotency, { operation } as never, async () => {});
  expect(make).toThrow(expect.objectContaining({ code: 'OPTIONS_INVALID' }));
});
