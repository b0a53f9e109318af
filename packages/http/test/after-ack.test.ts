import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as elapsed } from 'node:timers/promises';
import { createIdempotency, type IdempotencyOptions, type Store } from '@twiceproof/core';
import { type RedisEngine, startRedis } from '@twiceproof/engines';
import { memoryStore } from '@twiceproof/memory';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type WebhookOptions, type WebhookReceiver, webhook } from '../src/webhooks/index.ts';

interface Order {
  readonly id: string;
  readonly text?: string;
}

let receiver: WebhookReceiver | undefined;
afterEach(() => receiver?.stop());

/** A store that pretends to survive: what is tested here needs no crash. */
const lasting = (part: Partial<Store> = {}): Store => ({
  ...memoryStore(),
  name: 'lasting',
  ...part,
});

function receive(
  handler: (event: Order, request: Request) => unknown,
  options: Partial<WebhookOptions<Order>> = {},
  store = lasting(),
  defaults: Partial<IdempotencyOptions> = {},
) {
  const idempotency = createIdempotency({ environment: 'test', store, ...defaults });
  receiver = webhook<Order>(
    {
      idempotency,
      operation: 'take-order',
      mode: 'after-ack',
      recoverEvery: '1h',
      verify: (request) => request.json() as Promise<Order>,
      key: ({ id }) => id,
      onError: () => {},
      ...options,
    },
    handler,
  );
  const take = receiver;
  const deliver = (event: Order) =>
    take(new Request('http://localhost/', { method: 'POST', body: JSON.stringify(event) }));
  const left = async () =>
    (await idempotency.records.list({ operation: 'take-order.received' })).records.length;
  return { idempotency, deliver, left, recover: () => take.recover() };
}

test('an event is acknowledged before it is done, once, and leaves nothing when it is', async () => {
  const { promise: door, resolve: open } = Promise.withResolvers<void>();
  const handler = vi.fn(() => door);
  const { deliver, left } = receive(handler);
  for (const _time of [1, 2, 3]) expect((await deliver({ id: '1' })).status).toBe(200);
  expect(await left()).toBe(1);
  expect(handler).toHaveBeenCalledOnce();
  open();
  await vi.waitFor(async () => expect(await left()).toBe(0), 20_000);
  expect((await deliver({ id: '1' })).status).toBe(200);
  await vi.waitFor(async () => expect(await left()).toBe(0), 20_000);
  expect(handler).toHaveBeenCalledOnce();
});

test('an event whose handler failed is kept, and done when it is looked for', async () => {
  let hasStock = false;
  const texts: string[] = [];
  const onError = vi.fn();
  const { deliver, left, recover } = receive(
    async (_event, request) => {
      if (!hasStock) throw new Error('no stock');
      texts.push(await request.text());
    },
    { onError },
  );
  expect((await deliver({ id: '1' })).status).toBe(200);
  await vi.waitFor(() => expect(onError).toHaveBeenCalled(), 20_000);
  await recover();
  expect(await left()).toBe(1);
  hasStock = true;
  await vi.waitFor(async () => expect((await recover()) + texts.length).toBeGreaterThan(0), 20_000);
  expect(await left()).toBe(0);
  expect(texts).toEqual(['{"id":"1"}']);
  expect(await recover()).toBe(0);
});

test('an event that is too large to be kept is done before it is acknowledged', async () => {
  const handler = vi.fn();
  const store = lasting(memoryStore({ maxRecordBytes: 2_000 }));
  const { deliver, left, recover } = receive(handler, {}, { ...store, name: 'lasting' });
  for (const _time of [1, 2]) {
    expect((await deliver({ id: '1', text: 'x'.repeat(5_000) })).status).toBe(200);
  }
  expect(handler).toHaveBeenCalledOnce();
  expect(await recover()).toBe(0);
  expect(await left()).toBe(0);
});

test('an event that is executed in an outage of the store is done before it is acknowledged', async () => {
  const handler = vi.fn(async () => {
    throw new Error('no stock');
  });
  const acquire = () => Promise.reject(new Error('connection refused'));
  const { deliver } = receive(handler, {}, lasting({ acquire }), {
    storeOutage: 'execute',
    storeTimeout: '50ms',
  });
  expect((await deliver({ id: '1' })).status).toBe(500);
  expect(handler).toHaveBeenCalledOnce();
});

test('an event is kept until it is done, however soon records of what is done are retired', async () => {
  const { deliver, idempotency } = receive(() => Promise.reject(new Error('no stock')), {
    retention: '1m',
  });
  await deliver({ id: '1' });
  const { records } = await idempotency.records.list({ operation: 'take-order.received' });
  expect(records.map(({ expiresAt }) => expiresAt)).toEqual([undefined]);
});

test('an event that cannot be read, or whose fault cannot be told, does not keep those behind it', async () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => {});
  const store = lasting();
  const fails = () => Promise.reject(new Error('no stock'));
  const ring = (name: string) => ({ current: name, keys: { [name]: randomBytes(32) } });
  const encrypt = ring('k1');
  const now = receive(fails, {}, store, { encrypt });
  const before = receive(fails, {}, store, { encrypt: ring('k2') });
  for (const id of ['1', '2']) {
    await now.deliver({ id });
    await before.deliver({ id: `${id} of k2` });
  }
  const done: string[] = [];
  const { recover, left } = receive(
    ({ id }) => {
      if (id === '2') throw new Error('no stock');
      done.push(id);
    },
    {
      onError() {
        throw new Error('the log is full');
      },
    },
    store,
    { encrypt },
  );
  expect(await recover()).toBe(1);
  expect(done).toEqual(['1']);
  expect(await left()).toBe(3);
  expect(told).toHaveBeenCalled();
});

test('an event that another instance has done meanwhile is passed by in silence', async () => {
  const told = vi.spyOn(console, 'error').mockClear();
  const store = memoryStore();
  const { deliver, recover } = receive(
    () => Promise.reject(new Error('no stock')),
    {},
    lasting({
      ...store,
      name: 'lasting',
      async list(query, options) {
        const page = await store.list(query, options);
        for (const { id } of page.records) await store.delete(id);
        return page;
      },
    }),
  );
  await deliver({ id: '1' });
  expect(await recover()).toBe(0);
  expect(told).not.toHaveBeenCalled();
});

test('an event that is done while its process ends is not done again, however soon that is forgotten', async () => {
  const store = lasting();
  const { promise: door, resolve: open } = Promise.withResolvers<void>();
  const handler = vi.fn(() => door);
  const ending = receive(handler, { retention: '1ms' }, store);
  await ending.deliver({ id: '1' });
  const closed = ending.idempotency.close();
  open();
  expect(await closed).toEqual({ left: [] });
  const next = receive(handler, { retention: '1ms' }, store);
  expect(await next.left()).toBe(0);
  expect(await next.recover()).toBe(0);
  expect(handler).toHaveBeenCalledOnce();
});

test('what is left is looked for as seldom as it is to be', async () => {
  const store = memoryStore();
  const list = vi.fn(store.list);
  receive(() => {}, { recoverEvery: '90d' }, lasting({ ...store, name: 'lasting', list }));
  await vi.waitFor(() => expect(list).toHaveBeenCalled(), 20_000);
  for (let turn = 0; turn < 20; turn += 1) await elapsed(1);
  expect(list).toHaveBeenCalledOnce();
});

test('an event that cannot be recorded is not acknowledged', async () => {
  const handler = vi.fn();
  const acquire = () => Promise.reject(new Error('connection refused'));
  const { deliver } = receive(handler, { storeOutage: 'reject' }, lasting({ acquire }));
  expect((await deliver({ id: '1' })).status).toBe(503);
  expect(handler).not.toHaveBeenCalled();
});

test('a store in memory is refused', () => {
  expect(() => receive(() => {}, {}, memoryStore())).toThrow('needs a store that survives a crash');
});

test('a mode that is unknown is refused', () => {
  expect(() => receive(() => {}, { mode: 'soon' as never })).toThrow("'after-ack'");
});

describe('processes', () => {
  let engine: RedisEngine | undefined;
  const running: ChildProcess[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map(end));
    await engine?.stop();
  });

  async function end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  test('what a crash has interrupted is done by another instance, with its request', async () => {
    engine = await startRedis();
    const prefix = `inbox-${randomUUID()}`;
    const redis = new Redis(engine.url);
    const program = new URL('./programs/inbox.ts', import.meta.url);
    const start = async (): Promise<{ child: ChildProcess; url: string }> => {
      const child = fork(program, [engine!.url, prefix]);
      running.push(child);
      const [{ port }] = await once(child, 'message');
      return { child, url: `http://127.0.0.1:${port}/` };
    };
    const first = await start();
    const headers = { 'x-sender': 'provider' };
    const response = await fetch(first.url, { method: 'POST', body: '{"id":"1"}', headers });
    expect(response.status).toBe(200);
    await vi.waitFor(
      async () => expect(await redis.lrange(`${prefix}:begun`, 0, -1)).toEqual(['1']),
      20_000,
    );
    await end(first.child);
    await redis.set(`${prefix}:door`, 'open');
    await start();
    await vi.waitFor(
      async () => expect(await redis.lrange(`${prefix}:done`, 0, -1)).toEqual(['1 provider']),
      { timeout: 30_000, interval: 100 },
    );
    expect(await redis.lrange(`${prefix}:begun`, 0, -1)).toEqual(['1', '1']);
    redis.disconnect();
  });
});
