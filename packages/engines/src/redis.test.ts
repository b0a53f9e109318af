import { existsSync } from 'node:fs';
import { Redis } from 'ioredis';
import { afterEach, expect, test, vi } from 'vitest';
import { signal } from './process-tree.ts';
import { startRedis } from './redis.ts';

afterEach(() => vi.unstubAllEnvs());

test('a Redis serves, and leaves nothing when it is stopped', async () => {
  const redis = await startRedis({ own: true });
  const client = new Redis(redis.url);
  expect(await client.ping()).toBe('PONG');
  const folder = (await client.config('GET', 'dir')) as string[];
  client.disconnect();
  const { pid } = redis;

  await redis.stop();

  expect(signal(pid, 0)).toBe(false);
  expect(existsSync(folder[1]!)).toBe(false);
});

test('a Redis takes configuration', async () => {
  const redis = await startRedis({ config: ['--maxmemory', '7mb'] });
  const client = new Redis(redis.url);
  expect(await client.config('GET', 'maxmemory')).toEqual(['maxmemory', String(7 * 1024 * 1024)]);
  client.disconnect();
  await redis.stop();
});

test('a paused Redis answers nothing until it is resumed', async () => {
  const redis = await startRedis({ own: true });
  const client = new Redis(redis.url);
  await client.ping();
  redis.pause();
  let answered = false;
  const pong = client.ping().then(() => {
    answered = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(answered).toBe(false);
  redis.resume();
  await pong;
  client.disconnect();
  await redis.stop();
});

test('a killed Redis is restarted on its port with what it had made durable', async () => {
  const redis = await startRedis({ config: ['--appendonly', 'yes', '--appendfsync', 'always'] });
  const client = new Redis(redis.url);
  client.on('error', () => {});
  await client.set('kept', '1');
  const before = redis.pid;

  await redis.kill();
  expect(signal(before, 0)).toBe(false);
  expect(() => redis.pid).toThrow('redis is not running');
  await redis.restart();

  expect(redis.pid).not.toBe(before);
  expect(await client.get('kept')).toBe('1');
  client.disconnect();
  await redis.stop();
});

test('the Redis of REDIS_URL is used as it is, and never stopped or disturbed', async () => {
  const users = await startRedis({ own: true });
  vi.stubEnv('REDIS_URL', users.url);
  const redis = await startRedis();
  expect(redis).toMatchObject({ url: users.url, host: users.host, port: users.port });
  expect(() => redis.pause()).toThrow('REDIS_URL');
  await expect(redis.kill()).rejects.toThrow('{ own: true }');
  await redis.stop();
  expect(signal(users.pid, 0)).toBe(true);
  await users.stop();
});
