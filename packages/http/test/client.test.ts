import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createIdempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { afterEach, expect, test, vi } from 'vitest';
import { wasReplayed, withIdempotencyKey } from '../src/client.ts';
import { idempotencyKey } from '../src/node.ts';

type Step = (req: IncomingMessage, res: ServerResponse) => void;

const answers =
  (status: number, headers: Record<string, string> = {}): Step =>
  (_req, res) =>
    void res.writeHead(status, headers).end(String(status));
const cuts: Step = (req) => void req.socket.destroy();

let stop: (() => Promise<void>) | undefined;
afterEach(() => stop?.());

/** A server that answers its requests with these steps, the last one for ever. */
async function serve(...steps: readonly Step[]) {
  const seen: { key: string | undefined; body: string; method: string | undefined }[] = [];
  const server = createServer(async (req, res) => {
    const step = steps[Math.min(seen.length, steps.length - 1)]!;
    const chunks: Buffer[] = [];
    const key = req.headers['idempotency-key']?.toString();
    const entry = { key, body: '', method: req.method };
    seen.push(entry);
    for await (const chunk of req) chunks.push(chunk);
    entry.body = Buffer.concat(chunks).toString();
    step(req, res);
  });
  return { url: await listen(server), seen };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/charges`;
}

const post = { method: 'POST', body: 'amount=10' };
const soon = { backoff: () => 1 };

test('all tries of a request have one key, and another request has another', async () => {
  const { url, seen } = await serve(cuts, answers(503), answers(201));
  const send = withIdempotencyKey(fetch, soon);
  expect((await send(url, post)).status).toBe(201);
  expect(seen).toHaveLength(3);
  expect(new Set(seen.map(({ key }) => key)).size).toBe(1);
  expect(seen[0]!.key).toMatch(/^"[0-9a-f-]{36}"$/);
  expect(seen.every(({ body }) => body === 'amount=10')).toBe(true);
  await send(url, post);
  expect(seen.at(-1)!.key).not.toBe(seen[0]!.key);
});

test.each([425, 429, 502, 503, 504])('%d is tried again', async (status) => {
  const { url, seen } = await serve(answers(status), answers(200));
  expect((await withIdempotencyKey(fetch, soon)(url, post)).status).toBe(200);
  expect(seen).toHaveLength(2);
});

test.each([200, 201, 204, 400, 401, 404, 408, 409, 422, 500, 501])(
  '%d is handed on',
  async (status) => {
    const { url, seen } = await serve(answers(status));
    expect((await withIdempotencyKey(fetch, soon)(url, post)).status).toBe(status);
    expect(seen).toHaveLength(1);
  },
);

test('an answer whose body somebody else reads is tried again as well', async () => {
  const { url, seen } = await serve(answers(503), answers(201));
  const logged: string[] = [];
  const send = withIdempotencyKey(async (input, init) => {
    const response = await fetch(input, init);
    logged.push(await new Response(response.body).text());
    return response;
  }, soon);
  expect((await send(url, post)).status).toBe(201);
  expect(seen).toHaveLength(2);
  expect(logged).toEqual(['503', '201']);
});

test('409 is tried again where the server says when', async () => {
  const { url, seen } = await serve(answers(409, { 'retry-after': '0' }), answers(201));
  expect((await withIdempotencyKey(fetch, soon)(url, post)).status).toBe(201);
  expect(seen).toHaveLength(2);
});

test('Retry-After counts, in seconds and as a date, and the backoff does not', async () => {
  const soonDate = new Date(Date.now() - 1_000).toUTCString();
  const { url } = await serve(
    answers(503, { 'retry-after': '0' }),
    answers(503, { 'retry-after': soonDate }),
    answers(503),
    answers(200),
  );
  const backoff = vi.fn(() => 1);
  expect((await withIdempotencyKey(fetch, { backoff })(url, post)).status).toBe(200);
  expect(backoff.mock.calls).toEqual([[3]]);
});

test('who is told to come back tomorrow gets the answer', async () => {
  const { url, seen } = await serve(answers(503, { 'retry-after': '86400' }));
  const response = await withIdempotencyKey(fetch, soon)(url, post);
  expect(response.status).toBe(503);
  expect(await response.text()).toBe('503');
  expect(seen).toHaveLength(1);
});

test('the last answer, or the last error, is the caller’s', async () => {
  const unavailable = await serve(answers(503));
  const send = withIdempotencyKey(fetch, { ...soon, attempts: 3 });
  const response = await send(unavailable.url, post);
  expect([response.status, await response.text()]).toEqual([503, '503']);
  expect(unavailable.seen).toHaveLength(3);
  await stop?.();
  const cut = await serve(cuts);
  await expect(send(cut.url, post)).rejects.toThrow(TypeError);
  expect(cut.seen).toHaveLength(3);
});

test('the caller’s signal ends a pause, a request, and all tries', async () => {
  const { url, seen } = await serve(answers(503, { 'retry-after': '30' }));
  const controller = new AbortController();
  const sent = withIdempotencyKey(fetch)(url, { ...post, signal: controller.signal });
  await vi.waitFor(() => expect(seen).toHaveLength(1), 20_000);
  controller.abort(new Error('changed my mind'));
  await expect(sent).rejects.toThrow('changed my mind');
  expect(seen).toHaveLength(1);
});

test('a Request is sent again as well, with its headers and its body', async () => {
  const { url, seen } = await serve(cuts, answers(503), answers(200));
  const request = new Request(url, { ...post, headers: { 'Idempotency-Key': '"mine"' } });
  expect((await withIdempotencyKey(fetch, soon)(request)).status).toBe(200);
  expect(seen).toEqual(Array(3).fill({ key: '"mine"', body: 'amount=10', method: 'POST' }));
});

test.each([
  ['bytes', new TextEncoder().encode('amount=10')],
  ['a form', new URLSearchParams({ amount: '10' })],
  ['a Blob', new Blob(['amount=10'])],
])('%s can be sent again', async (_what, body) => {
  const { url, seen } = await serve(cuts, answers(200));
  await withIdempotencyKey(fetch, soon)(url, { method: 'POST', body });
  expect(seen.map((each) => each.body)).toEqual(['amount=10', 'amount=10']);
});

test('a body that can be read once is sent once, and the error says so', async () => {
  const { url, seen } = await serve(cuts);
  const body = new Blob(['amount=10']).stream();
  const sent = withIdempotencyKey(fetch, soon)(url, { method: 'POST', body, duplex: 'half' });
  await expect(sent).rejects.toThrow('its body can be read only once');
  await expect(sent).rejects.toHaveProperty('cause');
  expect(seen).toHaveLength(1);
});

test('a body that can be read once is sent once, and the console says so', async () => {
  const { url, seen } = await serve(answers(503));
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const body = new Blob(['amount=10']).stream();
  const response = await withIdempotencyKey(fetch, soon)(url, {
    method: 'POST',
    body,
    duplex: 'half',
  });
  expect(response.status).toBe(503);
  expect(warn.mock.calls.flat().join()).toContain('its body can be read only once');
  warn.mockRestore();
  expect(seen).toHaveLength(1);
});

test('other methods are sent as they are', async () => {
  const { url, seen } = await serve(answers(503));
  expect((await withIdempotencyKey(fetch, soon)(url)).status).toBe(503);
  expect(seen).toEqual([{ key: undefined, body: '', method: 'GET' }]);
});

test('a key of one’s own is made once for all tries', async () => {
  const { url, seen } = await serve(cuts, answers(200));
  const key = vi.fn(() => 'order-17"');
  await withIdempotencyKey(fetch, { ...soon, key })(url, post);
  expect(key).toHaveBeenCalledOnce();
  expect(seen.map((each) => each.key)).toEqual(['"order-17\\""', '"order-17\\""']);
});

test.each([
  ['attempts', { attempts: 0 }],
  ['methods', { methods: 'POST' }],
  ['backoff', { backoff: 100 }],
  ["there is no option 'retries'", { retries: 3 }],
])('%s that is wrong is named', (message, options) => {
  expect(() => withIdempotencyKey(fetch, options as never)).toThrow(message);
});

test('an answer that got lost comes from the record, and the caller can tell', async () => {
  const idempotency = createIdempotency({ environment: 'test', store: memoryStore() });
  let charges = 0;
  const charge = idempotencyKey({ idempotency, operation: 'charge', scope: 'public' }, (_, res) => {
    charges += 1;
    res.end(`charge ${charges}`);
  });
  let tries = 0;
  const server = createServer((req, res) => {
    tries += 1;
    // The record is there when the first answer would leave.
    if (tries === 1) res.end = () => res.destroy();
    charge(req, res);
  });
  const url = await listen(server);
  const response = await withIdempotencyKey(fetch, soon)(url, post);
  expect([await response.text(), wasReplayed(response)]).toEqual(['charge 1', true]);
  expect([tries, charges]).toEqual([2, 1]);
});
