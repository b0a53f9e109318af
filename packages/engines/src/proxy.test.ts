import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type FaultProxy, startProxy } from './proxy.ts';
import { type RedisEngine, startRedis } from './redis.ts';
import { until } from './until.ts';

let redis: RedisEngine;
let direct: Redis;
let proxy: FaultProxy;
let client: Redis;

beforeAll(async () => {
  redis = await startRedis();
  direct = new Redis(redis.url, { keyPrefix: 'proxy-test:' });
});
afterAll(async () => {
  direct.disconnect();
  await redis.stop();
});
beforeEach(async () => {
  proxy = await startProxy({ target: redis.url });
  client = new Redis(proxy.through(redis.url), {
    keyPrefix: 'proxy-test:',
    maxRetriesPerRequest: 0,
    retryStrategy: () => 1,
  });
  client.on('error', () => {});
  await client.del('touched');
});
afterEach(async () => {
  client.disconnect();
  await proxy.stop();
});

const isSet = (request: Buffer) => request.includes('set');

test('a cut before the server acted: no answer, no effect', async () => {
  const struck = proxy.cutBefore({ when: isSet });
  await expect(client.set('touched', '1')).rejects.toThrow();
  await struck;
  expect(await direct.exists('touched')).toBe(0);
  expect(await client.set('touched', '2')).toBe('OK');
});

test('a cut after the server acted: no answer, but the effect', async () => {
  const struck = proxy.cutAfter({ when: isSet });
  await expect(client.set('touched', '1')).rejects.toThrow();
  await struck;
  expect(await direct.get('touched')).toBe('1');
  expect(await client.set('touched', '2')).toBe('OK');
});

test('a fault strikes as often as told', async () => {
  const struck = proxy.cutBefore({ when: isSet, times: 2 });
  await expect(client.set('touched', '1')).rejects.toThrow();
  await expect(client.set('touched', '1')).rejects.toThrow();
  await struck;
  expect(await client.set('touched', '1')).toBe('OK');
});

test('answers keep their order when they are no longer delayed', async () => {
  await direct.mset('first', '1', 'second', '2');
  proxy.delay(200);
  const first = client.get('first');
  // The server has answered, and the proxy holds it back.
  await until('the server has been asked', async () =>
    String(await direct.call('CLIENT', 'LIST')).includes('cmd=get'),
  );
  proxy.delay(0);
  expect(await Promise.all([first, client.get('second')])).toEqual(['1', '2']);
});

test('what is held back is never waited for until a time that is over', async () => {
  const { now } = performance;
  let aheadMs = 0;
  // As on a busy machine: it is later each time that somebody looks.
  vi.spyOn(performance, 'now').mockImplementation(() => {
    aheadMs += 2;
    return now.call(performance) + aheadMs;
  });
  const waits = vi.spyOn(globalThis, 'setTimeout');
  proxy.delay(5);
  for (let round = 0; round < 60; round++) {
    const answers: Promise<string>[] = [];
    for (let count = 0; count < 5; count++) {
      answers.push(client.ping());
      // Each in a packet of its own, so that they fall due one after the other.
      await direct.ping();
    }
    expect(await Promise.all(answers)).toEqual(answers.map(() => 'PONG'));
  }
  const negative = waits.mock.calls.filter(([, ms]) => Number(ms) < 0);
  vi.restoreAllMocks();
  expect(negative).toEqual([]);
});

test('answers are delayed', async () => {
  proxy.delay(50);
  const before = performance.now();
  await client.get('touched');
  expect(performance.now() - before).toBeGreaterThanOrEqual(49);
});

test('a frozen proxy passes nothing until it is healed, and then serves again', async () => {
  proxy.freeze();
  const outcome = client.set('touched', '1').catch(() => 'cut');
  await expect(
    Promise.race([outcome, new Promise((r) => setTimeout(r, 100, 'silence'))]),
  ).resolves.toBe('silence');
  proxy.heal();
  expect(await outcome).toBe('cut');
  expect(await client.get('touched')).toBeNull();
});

test('after a redirect new connections lead elsewhere, and those that stand do not', async () => {
  const other = await startRedis({ own: true });
  expect(await client.set('touched', 'here')).toBe('OK');
  proxy.redirect(other.url);
  expect(await client.get('touched')).toBe('here');
  client.disconnect(true);
  await expect.poll(() => client.get('touched')).toBeNull();
  await other.stop();
});
