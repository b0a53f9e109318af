import { Readable } from 'node:stream';
import { createIdempotency, currentExecution, type Idempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import fastify, { type FastifyInstance } from 'fastify';
import { beforeEach, expect, test, vi } from 'vitest';
import { idempotencyKey } from '../src/fastify.ts';

declare module 'fastify' {
  interface FastifyRequest {
    user?: string;
  }
}

let app: FastifyInstance;
let idempotency: Idempotency;
let runs: number;
beforeEach(() => {
  app = fastify();
  idempotency = createIdempotency({ environment: 'test', store: memoryStore() });
  runs = 0;
  return () => app.close();
});

/** What a handler answers: how often it has run. */
function counted(): { run: number } {
  runs += 1;
  return { run: runs };
}

const post = (url: string, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url,
    payload: { amount: 10 },
    headers: { 'idempotency-key': '"1"', ...headers },
  });
const run = async () => counted();

test('routes that do not ask for it are left alone', async () => {
  await app.register(idempotencyKey, { idempotency, scope: 'public' });
  app.post('/plain', run);
  app.post('/off', { config: { idempotency: false } }, run);
  for (const url of ['/plain', '/plain', '/off', '/off']) {
    const response = await post(url);
    expect(response.statusCode).toBe(200);
    expect(response.headers['idempotency-key']).toBeUndefined();
  }
  expect(runs).toBe(4);
});

test('the plugin’s options are defaults, and a route may set any of them', async () => {
  await app.register(idempotencyKey, { idempotency, scope: 'public' });
  app.post('/orders/:id', { config: { idempotency: true } }, run);
  app.post(
    '/named',
    { config: { idempotency: { operation: 'named', required: false, scope: () => 'ada' } } },
    run,
  );
  await post('/orders/17');
  expect((await post('/orders/17')).headers['idempotent-replayed']).toBe('true');
  await post('/named');
  await app.inject({ method: 'POST', url: '/named' });
  const { records } = await idempotency.records.list({});
  expect(records.map(({ operation, scope }) => [operation, scope]).sort()).toEqual([
    ['POST /orders/:id', undefined],
    ['named', 'ada'],
  ]);
  expect(runs).toBe(3);
});

test('the scope sees what authentication has found, in the app’s hooks and in the route’s', async () => {
  await app.register(idempotencyKey, { idempotency, scope: (request) => request.user });
  app.post(
    '/route',
    {
      config: { idempotency: true },
      preHandler: async (request) => {
        request.user = 'ada';
      },
    },
    run,
  );
  expect((await post('/route')).statusCode).toBe(200);
  const [record] = (await idempotency.records.list({})).records;
  expect(record!.scope).toBe('ada');
});

test('a route that was added before the plugin was loaded has the layer, too', async () => {
  void app.register(idempotencyKey, { idempotency, scope: (request) => request.user });
  app.addHook('onRequest', async (request) => {
    request.user = 'ada';
  });
  app.post('/early', { config: { idempotency: true } }, run);
  await post('/early');
  expect((await post('/early')).headers['idempotent-replayed']).toBe('true');
  expect(runs).toBe(1);
});

test('a plugin within another one is for that one alone', async () => {
  await app.register(async (inner) => {
    await inner.register(idempotencyKey, { idempotency, scope: 'public' });
    inner.post('/inner', { config: { idempotency: true } }, run);
  });
  app.post('/outer', { config: { idempotency: true } }, run);
  await post('/inner');
  expect((await post('/inner')).headers['idempotent-replayed']).toBe('true');
  expect((await post('/outer')).headers['idempotency-key']).toBeUndefined();
});

test('an error that Fastify answers frees the key, whatever the answer', async () => {
  await app.register(idempotencyKey, { idempotency, scope: 'public' });
  app.post('/', { config: { idempotency: true } }, async () => {
    runs += 1;
    throw Object.assign(new Error('no such order'), { statusCode: 404 });
  });
  expect((await post('/')).statusCode).toBe(404);
  expect((await post('/')).headers['idempotent-replayed']).toBeUndefined();
  expect(runs).toBe(2);
});

test('a handler that Fastify’s own timeout gave up on may have had its effect', async () => {
  await app.register(idempotencyKey, { idempotency, scope: 'public', abandoned: 'hold' });
  app.post('/slow', { handlerTimeout: 50, config: { idempotency: true } }, async () => {
    counted();
    await new Promise(() => {});
  });
  expect((await post('/slow')).statusCode).toBe(503);
  const again = await post('/slow');
  expect([again.statusCode, again.json()]).toMatchObject([409, { code: 'HELD' }]);
  expect(runs).toBe(1);
});

test('a handler whose turn comes after that timeout is not begun', async () => {
  const { promise: door, resolve: open } = Promise.withResolvers<void>();
  await app.register(idempotencyKey, { idempotency, scope: 'public', inProgress: 'wait' });
  const handler = async () => {
    counted();
    await door;
    throw new Error('no such card');
  };
  const options = { operation: 'charge', fingerprint: () => 'the same' };
  app.post('/patient', { config: { idempotency: options } }, handler);
  const config = { idempotency: { ...options } };
  app.post('/impatient', { handlerTimeout: 50, config }, handler);
  const first = post('/patient');
  await vi.waitFor(() => expect(runs).toBe(1), 20_000);
  expect((await post('/impatient')).statusCode).toBe(503);
  open();
  expect((await first).statusCode).toBe(500);
  const records = async () => (await idempotency.records.list()).records;
  await vi.waitFor(
    async () => expect(await records()).toMatchObject([{ status: 'failed', attempt: 2 }]),
    20_000,
  );
  expect(runs).toBe(1);
});

test('what validation refuses is not taken', async () => {
  await app.register(idempotencyKey, { idempotency, scope: 'public' });
  const body = { type: 'object', required: ['currency'] };
  app.post('/', { config: { idempotency: true }, schema: { body } }, run);
  expect((await post('/')).statusCode).toBe(400);
  expect((await idempotency.records.list({})).records).toEqual([]);
});

test('headers of the app’s hooks are on replays and problems as well', async () => {
  await app.register(idempotencyKey, { idempotency, scope: 'public' });
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('access-control-allow-origin', '*');
  });
  app.post('/', { config: { idempotency: true } }, run);
  await post('/');
  expect((await post('/')).headers['access-control-allow-origin']).toBe('*');
  const problem = await post('/', { 'idempotency-key': '' });
  expect(problem.statusCode).toBe(400);
  expect(problem.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(problem.headers['access-control-allow-origin']).toBe('*');
});

test('the handler, hooks of the response and replies by callback are part of the execution', async () => {
  await app.register(idempotencyKey, { idempotency, scope: 'public' });
  app.post('/', { config: { idempotency: true } }, (_request, reply) => {
    setImmediate(() => reply.code(201).send({ operation: currentExecution().operation }));
  });
  const first = await post('/');
  expect([first.statusCode, first.json()]).toEqual([201, { operation: 'POST /' }]);
  expect((await post('/')).json()).toEqual({ operation: 'POST /' });
});

test('a hook that changes the bytes of a replay changes them for nobody else', async () => {
  await app.register(idempotencyKey, { idempotency, scope: 'public' });
  app.addHook('onSend', async (request, _reply, payload) => {
    if (request.headers['x-spoil'] && payload instanceof Uint8Array) payload.fill(120);
    return payload;
  });
  app.post('/', { config: { idempotency: true } }, run);
  const answers = [];
  for (const headers of [{}, {}, {}, {}, { 'x-spoil': '1' }, {}]) {
    answers.push((await post('/', headers)).body);
  }
  expect(answers).toEqual([...Array(4).fill('{"run":1}'), 'xxxxxxxxx', '{"run":1}']);
});

test('a web Response and its stream are recorded', async () => {
  await app.register(idempotencyKey, { idempotency, scope: 'public' });
  app.post('/', { config: { idempotency: true } }, async (_request, reply) => {
    runs += 1;
    return reply.send(
      new Response(ReadableStream.from(['one ', 'two'].map((each) => Buffer.from(each))), {
        status: 202,
      }),
    );
  });
  for (const _time of [1, 2]) {
    const response = await post('/');
    expect([response.statusCode, response.body]).toEqual([202, 'one two']);
  }
  expect(runs).toBe(1);
});

test('an option that is wrong ends the start, with its name', async () => {
  await expect(
    app.register(idempotencyKey, { idempotency, scope: undefined as never }).ready(),
  ).rejects.toThrow('needs scope');
});

test('an option of a route that is wrong is named when the route is added', async () => {
  await app.register(idempotencyKey, { idempotency, scope: 'public' });
  expect(() => app.post('/', { config: { idempotency: { maxBodyBytes: -1 } } }, run)).toThrow(
    'maxBodyBytes',
  );
});

test('a header of several values is replayed with all of them', async () => {
  await app.register(idempotencyKey, { idempotency, scope: 'public' });
  const links = ['<https://shop.test/1>; rel=item', '<https://shop.test/2>; rel=item'];
  app.post('/', { config: { idempotency: true } }, async (_request, reply) => {
    reply.header('link', links);
    return counted();
  });
  for (const _time of [1, 2]) expect((await post('/')).headers.link).toEqual(links);
  expect(runs).toBe(1);
});

test('a response without a content type is replayed without one, and through the same hooks', async () => {
  await app.register(idempotencyKey, { idempotency, scope: 'public' });
  const seen: unknown[] = [];
  app.addHook('onSend', async (request) => void seen.push(request.url));
  const config = { idempotency: true };
  app.post('/stream', { config }, (_request, reply) => reply.send(Readable.from(['one ', 'two'])));
  app.post('/raw', { config }, (_request, reply) => {
    reply.hijack();
    reply.raw.writeHead(201).end('one two');
  });
  for (const url of ['/stream', '/raw']) {
    await post(url);
    const { headers, body } = await post(url);
    expect(body).toBe('one two');
    expect(headers).toMatchObject({ 'idempotent-replayed': 'true', 'content-length': '7' });
    expect(headers).not.toHaveProperty('content-type');
  }
  expect(seen).toEqual(['/stream', '/stream', '/raw']);
});
