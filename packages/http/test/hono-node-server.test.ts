import { createAdaptorServer } from '@hono/node-server';
import { createIdempotency, type Idempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { type Context, Hono } from 'hono';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { idempotencyKey } from '../src/hono.ts';
import { listen } from './servers/serve-fetch.ts';

let app: Hono;
let idempotency: Idempotency;
let harness: Awaited<ReturnType<typeof listen>> | undefined;
beforeEach(() => {
  app = new Hono();
  idempotency = createIdempotency({ environment: 'test', store: memoryStore() });
});
afterEach(async () => {
  await harness?.stop();
  harness = undefined;
});

const layer = () => idempotencyKey({ idempotency, scope: 'public' });

async function post(path: string, body: string | Uint8Array<ArrayBuffer> = '{"amount":10}') {
  harness ??= await listen(createAdaptorServer({ fetch: app.fetch }) as never);
  return fetch(`${harness.url}${path}`, {
    method: 'POST',
    body,
    headers: { 'idempotency-key': '"1"', 'content-type': 'application/json' },
  });
}

const ways: Record<string, (c: Context) => Promise<unknown>> = {
  'Hono’s json': (c) => c.req.json(),
  'Hono’s text': async (c) => JSON.parse(await c.req.text()),
  'the request': (c) => c.req.raw.json(),
  'a clone of the request': (c) => c.req.raw.clone().json(),
  'a request made of it': (c) => new Request(c.req.raw).json(),
  'its stream': async (c) => JSON.parse(await new Response(c.req.raw.body).text()),
  'its bytes, after its headers and signal': async (c) => {
    if (c.req.header('content-type') === undefined || c.req.raw.signal.aborted) return 'gone';
    return JSON.parse(new TextDecoder().decode(await c.req.raw.arrayBuffer()));
  },
};

test.each(Object.keys(ways))('a handler reads the body through %s', async (name) => {
  app.post('/', layer(), async (c) => c.json(await ways[name]!(c)));
  expect(await (await post('/')).json()).toEqual({ amount: 10 });
  expect(await (await post('/')).json()).toEqual({ amount: 10 });
});

// What reads the request itself leaves nothing for anybody.
const sharing = ['Hono’s json', 'Hono’s text', 'a clone of the request'];

test.each(sharing)('what comes before may have read it through %s', async (name) => {
  app.use(async (c, next) => {
    await ways[name]!(c);
    await next();
  });
  app.post('/', layer(), async (c) => c.json(await c.req.json()));
  expect(await (await post('/')).json()).toEqual({ amount: 10 });
  expect((await post('/')).headers.get('idempotent-replayed')).toBe('true');
  expect((await post('/', '{"amount":11}')).status).toBe(422);
});

test.each(sharing)('the scope may read it through %s', async (name) => {
  const scope = async (c: Context) => JSON.stringify(await ways[name]!(c));
  app.post('/', idempotencyKey({ idempotency, scope }), async (c) => c.json(await c.req.json()));
  expect(await (await post('/')).json()).toEqual({ amount: 10 });
  expect((await post('/')).headers.get('idempotent-replayed')).toBe('true');
});

test('a header that no server sends frees no key, whoever is asked about the response', async () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => {});
  let runs = 0;
  app.post('/', idempotencyKey({ idempotency, scope: 'public', record: () => true }), () => {
    runs += 1;
    return new Response('done', {
      headers: { 'content-type': 'text/plain', 'x-amount': '10 \u20ac' },
    });
  });
  for (const _time of [1, 2]) await post('/');
  told.mockRestore();
  expect(runs).toBe(1);
});

test('a request that a handler makes of its own is another one, with what it was given', async () => {
  app.post('/inner', layer(), async (c) => c.json(await c.req.json()));
  app.post('/outer', layer(), async (c) => {
    const headers = { 'idempotency-key': '"2"', 'content-type': 'application/json' };
    const inner = { method: 'POST', body: '{"inner":true}', headers };
    const response = await app.request('/inner', inner, c.env);
    return c.json([await response.json(), response.headers.get('idempotency-key')]);
  });
  expect(await (await post('/outer')).json()).toEqual([{ inner: true }, '"2"']);
});

const bytes = new Uint8Array([0, 127, 128, 255, 10]);
const answers: Record<string, (c: Context) => Response | Promise<Response>> = {
  json: (c) => c.json({ text: 'ä€😀' }, 201, { etag: '"1"' }),
  'ASCII text': (c) => c.text('plain'),
  html: (c) => c.html('<p>ä</p>'),
  bytes: (c) => c.body(bytes, 200, { 'content-type': 'application/octet-stream' }),
  'bytes of no type': () => new Response(bytes),
  'text of no type': () => new Response('text'),
  'a stream': () =>
    new Response(new Blob([bytes]).stream(), { headers: { 'content-type': 'x/y' } }),
  nothing: (c) => c.body(null, 204),
  redirect: (c) => c.redirect('/there'),
  'headers that were set later': (c) => {
    const response = c.json({ a: 1 });
    response.headers.set('content-language', 'en');
    return response;
  },
  'two cookies': (c) => {
    c.header('set-cookie', 'a=1', { append: true });
    c.header('set-cookie', 'b=2', { append: true });
    return c.json({ a: 1 });
  },
};

test.each(Object.keys(answers))(
  '%s is answered as without the layer, and replayed',
  async (name) => {
    app.post('/bare', (c) => answers[name]!(c));
    app.post('/layer', layer(), (c) => answers[name]!(c));
    const seen = async (path: string) => {
      const response = await fetchManually(path);
      const headers = ['content-type', 'content-language', 'content-length', 'location', 'etag'];
      return {
        status: response.status,
        headers: headers.map((header) => response.headers.get(header)?.toLowerCase()),
        body: [...new Uint8Array(await response.arrayBuffer())],
        cookies: response.headers.getSetCookie(),
      };
    };
    const bare = await seen('/bare');
    const first = await seen('/layer');
    const isStream = name === 'a stream';
    if (isStream) bare.headers[2] = first.headers[2];
    expect(first).toEqual(bare);
    expect(await seen('/layer')).toEqual({ ...bare, cookies: [] });
  },
);

async function fetchManually(path: string) {
  harness ??= await listen(createAdaptorServer({ fetch: app.fetch }) as never);
  return fetch(`${harness.url}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'idempotency-key': '"1"' },
  });
}

test('a body that is larger than the limit, or no JSON, is refused as elsewhere', async () => {
  const small = idempotencyKey({ idempotency, scope: 'public', maxRequestBytes: 5 });
  app.post('/small', small, (c) => c.json(1));
  app.post('/', layer(), (c) => c.json(1));
  expect((await post('/small')).status).toBe(413);
  expect((await post('/', '{"amount":')).status).toBe(400);
  expect((await post('/')).status).toBe(200);
});
