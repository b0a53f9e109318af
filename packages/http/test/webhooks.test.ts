import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { createIdempotency, type IdempotencyOptions } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import type { HttpHarness } from '@twiceproof/testing/http';
import express from 'express';
import { afterEach, expect, test, vi } from 'vitest';
import { listener } from '../src/node.ts';
import { SignatureError, type WebhookOptions, webhook } from '../src/webhooks/index.ts';
import { listen } from './servers/serve-fetch.ts';

interface Order {
  readonly id?: string;
  readonly do?: string;
}

const deployment = (options: Partial<IdempotencyOptions> = {}) =>
  createIdempotency({ environment: 'test', store: memoryStore(), ...options });

const orders = (options: Partial<WebhookOptions<Order>> = {}): WebhookOptions<Order> => ({
  idempotency: deployment(),
  operation: 'take-order',
  async verify(request) {
    const body = await request.text();
    const signature = createHmac('sha256', 'secret').update(body).digest('hex');
    if (request.headers.get('x-signature') !== signature) throw new SignatureError();
    return JSON.parse(body);
  },
  key: ({ id }) => id,
  ...options,
});

const delivery = (event: unknown, signature?: string): RequestInit => {
  const body = typeof event === 'string' ? event : JSON.stringify(event);
  const right = createHmac('sha256', 'secret').update(body).digest('hex');
  return { method: 'POST', body, headers: { 'x-signature': signature ?? right } };
};

let harness: HttpHarness | undefined;
afterEach(() => harness?.stop());

async function serve(
  options: WebhookOptions<Order>,
  handler: (event: Order, request: Request) => unknown,
) {
  harness = await listen(createServer(listener(webhook(options, handler))));
  const { url } = harness;
  return (event: unknown, signature?: string) => fetch(url, delivery(event, signature));
}

test.each([
  [
    'throws',
    () => {
      throw new Error('the log is full');
    },
  ],
  ['rejects', () => Promise.reject(new Error('the log is full'))],
])('whoever is told of what a handler throws, and %s, changes no answer', async (_how, onError) => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => {});
  const receive = webhook(orders({ onError }), () => {
    throw new Error('no stock');
  });
  const response = await receive(new Request('http://localhost/', delivery({ id: '1' })));
  expect(response.status).toBe(500);
  await vi.waitFor(() => expect(told).toHaveBeenCalled());
  told.mockRestore();
});

test('an event is taken once, and a duplicate is acknowledged without running', async () => {
  const taken: Order[] = [];
  const deliver = await serve(orders(), (event) => taken.push(event));
  for (const id of ['1', '2', '1', '3', '2', '1']) {
    const response = await deliver({ id });
    expect([response.status, await response.text()]).toEqual([200, '']);
  }
  expect(taken.map(({ id }) => id)).toEqual(['1', '2', '3']);
});

test('two instances on one store take an event once', async () => {
  const store = memoryStore();
  const taken: string[] = [];
  const instance = (name: string) =>
    webhook(orders({ idempotency: deployment({ store }) }), () => taken.push(name));
  const instances = [instance('one'), instance('other')];
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      instances[index % 2]!(new Request('http://localhost/', delivery({ id: '1' }))),
    ),
  );
  expect(taken).toHaveLength(1);
  expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
  expect(answers.some(({ status }) => status === 200)).toBe(true);
});

test('an event that is being worked on makes the sender come again', async () => {
  const { promise: done, resolve: finish } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const deliver = await serve(orders(), async () => {
    begin();
    await done;
  });
  const first = deliver({ id: '1' });
  await begun;
  const second = await deliver({ id: '1' });
  expect(second.status).toBe(409);
  expect(second.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  finish();
  expect((await first).status).toBe(200);
  expect((await deliver({ id: '1' })).status).toBe(200);
});

test('a handler that fails makes the sender come again, and the next delivery runs', async () => {
  const failures: unknown[] = [];
  let runs = 0;
  const deliver = await serve(
    orders({ onError: (error, event) => failures.push([(error as Error).message, event.id]) }),
    () => {
      runs += 1;
      if (runs === 1) throw new Error('no stock');
    },
  );
  expect((await deliver({ id: '1' })).status).toBe(500);
  expect((await deliver({ id: '1' })).status).toBe(200);
  expect((await deliver({ id: '1' })).status).toBe(200);
  expect(runs).toBe(2);
  expect(failures).toEqual([['no stock', '1']]);
});

test('a failure that is recorded for good is acknowledged', async () => {
  let runs = 0;
  const deliver = await serve(orders({ failure: 'record', onError: () => {} }), () => {
    runs += 1;
    throw new Error('never');
  });
  expect((await deliver({ id: '1' })).status).toBe(200);
  expect((await deliver({ id: '1' })).status).toBe(200);
  expect(runs).toBe(1);
});

test.each([
  ['a wrong signature', 401, { id: '1' }, 'f00'],
  ['no JSON', 400, '{"id":', undefined],
  ['no key', 400, {}, undefined],
  ['an empty key', 400, { id: '' }, undefined],
])('%s is a %d, and nothing runs', async (_what, status, event, signature) => {
  const handler = vi.fn();
  const deliver = await serve(orders(), handler);
  const response = await deliver(event, signature);
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(handler).not.toHaveBeenCalled();
});

test('another method is a 405, and a large request a 413', async () => {
  const handler = vi.fn();
  const deliver = await serve(orders({ maxRequestBytes: 1_000 }), handler);
  expect((await fetch(harness!.url)).status).toBe(405);
  expect((await deliver({ id: 'x'.repeat(1_000) })).status).toBe(413);
  expect(handler).not.toHaveBeenCalled();
});

test('a store that is down makes the sender come again', async () => {
  const store = memoryStore();
  const acquire = () => Promise.reject(new Error('connection refused'));
  const idempotency = deployment({ store: { ...store, acquire }, storeTimeout: 100 });
  const handler = vi.fn();
  const deliver = await serve(orders({ idempotency }), handler);
  const error = vi.spyOn(console, 'error').mockImplementation(() => {});
  const response = await deliver({ id: '1' });
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  expect(String(error.mock.lastCall?.[0])).toMatch(/could not acquire: connection refused/);
  error.mockRestore();
  expect(handler).not.toHaveBeenCalled();
});

test('the handler can read the request, although it was verified', async () => {
  let text = '';
  const deliver = await serve(orders(), async (_event, request) => {
    text = await request.text();
  });
  await deliver({ id: '1' });
  expect(text).toBe('{"id":"1"}');
});

test('in Express it works before the parsers, or on the bytes that they keep', async () => {
  const app = express();
  const handler = vi.fn();
  const receive = listener(webhook(orders(), handler));
  app.post('/before', receive);
  const keep = (req: object, _res: unknown, bytes: Buffer) =>
    void Object.assign(req, { rawBody: bytes });
  app.post('/kept', express.json({ type: () => true, verify: keep }), receive);
  app.post('/lost', express.json({ type: () => true }), receive);
  harness = await listen(createServer(app));
  expect((await fetch(`${harness.url}/before`, delivery({ id: '1' }))).status).toBe(200);
  expect((await fetch(`${harness.url}/kept`, delivery({ id: '2' }))).status).toBe(200);
  expect(handler.mock.calls.map(([event]) => event)).toEqual([{ id: '1' }, { id: '2' }]);
  const error = vi.spyOn(console, 'error').mockImplementation(() => {});
  expect((await fetch(`${harness.url}/lost`, delivery({ id: '3' }))).status).toBe(500);
  expect(String(error.mock.calls[0])).toContain('the request body was read before');
  error.mockRestore();
});

test.each([
  ['idempotency', { idempotency: undefined }],
  ['verify', { verify: undefined }],
  ['operation', { operation: ' ' }],
  ['key', { key: 'id' }],
  ["'retries'", { retries: 3 }],
])('%s that is wrong is named', (name, options) => {
  const wrong = () => webhook({ ...orders(), ...options } as never, () => {});
  expect(wrong).toThrow(expect.objectContaining({ code: 'OPTIONS_INVALID' }));
  expect(wrong).toThrow(name);
});
