import { createIdempotency, currentExecution, type Idempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { HTTPException } from 'hono/http-exception';
import { timeout } from 'hono/timeout';
import { beforeEach, expect, test, vi } from 'vitest';
import { idempotencyKey } from '../src/hono.ts';

interface Variables {
  user: string;
}

let idempotency: Idempotency;
let runs: number;
beforeEach(() => {
  idempotency = createIdempotency({ environment: 'test', store: memoryStore() });
  runs = 0;
});

/** What a handler answers: how often it has run. */
function counted(): { run: number } {
  runs += 1;
  return { run: runs };
}

const post = (app: Hono<{ Variables: Variables }>, path: string, headers = {}) =>
  app.request(path, {
    method: 'POST',
    body: '{"amount":10}',
    headers: { 'idempotency-key': '"1"', 'content-type': 'application/json', ...headers },
  });

test('the scope gets Hono’s context, with what authentication has set', async () => {
  const app = new Hono<{ Variables: Variables }>();
  app.use(async (c, next) => {
    c.set('user', 'ada');
    await next();
  });
  app.post('/orders/:id', idempotencyKey({ idempotency, scope: (c) => c.get('user') }), (c) =>
    c.json({ ...counted(), id: c.req.param('id') }),
  );
  expect(await (await post(app, '/orders/17')).json()).toEqual({ run: 1, id: '17' });
  expect((await post(app, '/orders/17')).headers.get('idempotent-replayed')).toBe('true');
  const [record] = (await idempotency.records.list({})).records;
  expect(record).toMatchObject({ operation: 'POST /orders/:id', scope: 'ada' });
});

test('an error that Hono answers frees the key, whatever the answer', async () => {
  const app = new Hono<{ Variables: Variables }>();
  app.post('/', idempotencyKey({ idempotency, scope: 'public' }), () => {
    runs += 1;
    throw new HTTPException(404, { message: 'no such order' });
  });
  for (const run of [1, 2]) {
    const response = await post(app, '/');
    expect([response.status, await response.text()]).toEqual([404, 'no such order']);
    expect(runs).toBe(run);
  }
});

test.each(['before', 'after'])(
  'a timeout of Hono’s, %s the layer, frees no key of a handler that goes on',
  async (where) => {
    const { promise: door, resolve: open } = Promise.withResolvers<void>();
    const app = new Hono<{ Variables: Variables }>();
    const layer = idempotencyKey({ idempotency, scope: 'public', abandoned: 'hold' });
    const order = where === 'before' ? [timeout(50), layer] : [layer, timeout(50)];
    app.use(...order);
    app.post('/', async (c) => {
      const answer = counted();
      await door;
      return c.json(answer, 201);
    });
    expect((await post(app, '/')).status).toBe(504);
    const again = await post(app, '/');
    const code = where === 'before' ? 'IN_PROGRESS' : 'HELD';
    expect([again.status, await again.json()]).toMatchObject([409, { code }]);
    open();
    expect(runs).toBe(1);
    // To Hono the request is answered: what the handler answers now is lost.
    await vi.waitFor(async () =>
      expect(await (await post(app, '/')).json()).toMatchObject({ code: 'HELD' }),
    );
    expect(runs).toBe(1);
  },
);

test('what the scope throws is for Hono', async () => {
  const app = new Hono<{ Variables: Variables }>();
  const scope = () => {
    throw new HTTPException(401);
  };
  app.post('/', idempotencyKey({ idempotency, scope }), (c) => c.json(counted()));
  expect((await post(app, '/')).status).toBe(401);
  expect(runs).toBe(0);
});

test('the handler can read the body, and so could what came before', async () => {
  const app = new Hono<{ Variables: Variables }>();
  app.use(async (c, next) => {
    await c.req.json();
    await next();
  });
  app.post('/', idempotencyKey({ idempotency, scope: 'public' }), async (c) =>
    c.json([await c.req.json(), currentExecution().attempt]),
  );
  expect(await (await post(app, '/')).json()).toEqual([{ amount: 10 }, 1]);
  expect((await post(app, '/')).headers.get('idempotent-replayed')).toBe('true');
});

test('a form that was read before is compared by its fields', async () => {
  const app = new Hono<{ Variables: Variables }>();
  app.use(async (c, next) => {
    await c.req.parseBody();
    await next();
  });
  app.post('/', idempotencyKey({ idempotency, scope: 'public' }), (c) => c.json(counted()));
  const send = (amount: string) => {
    const body = new FormData();
    body.set('amount', amount);
    return app.request('/', { method: 'POST', body, headers: { 'idempotency-key': '1' } });
  };
  await send('10');
  expect((await send('10')).headers.get('idempotent-replayed')).toBe('true');
  expect((await send('11')).status).toBe(422);
});

test('headers of other middleware are on replays and problems as well', async () => {
  const app = new Hono<{ Variables: Variables }>();
  app.use(cors());
  app.use(async (c, next) => {
    c.header('x-request-id', 'r1');
    await next();
  });
  app.post('/', idempotencyKey({ idempotency, scope: 'public' }), (c) => c.json(counted()));
  const first = await post(app, '/');
  const again = await post(app, '/');
  const problem = await post(app, '/', { 'idempotency-key': '' });
  expect([first.status, again.status, problem.status]).toEqual([200, 200, 400]);
  for (const response of [first, again, problem]) {
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('x-request-id')).toBe('r1');
  }
});

test('routes without it, and other methods, are left alone', async () => {
  const app = new Hono<{ Variables: Variables }>();
  app.use('/charges', idempotencyKey({ idempotency, scope: 'public' }));
  app.on(['GET', 'PUT'], '/charges', (c) => c.json(counted()));
  const put = await app.request('/charges', { method: 'PUT', headers: { 'idempotency-key': '1' } });
  expect(put.headers.get('idempotency-key')).toBeNull();
  expect((await app.request('/charges')).status).toBe(200);
  expect(runs).toBe(2);
});

test('as middleware of many routes, it names operations by the route', async () => {
  const app = new Hono<{ Variables: Variables }>();
  app.use(idempotencyKey({ idempotency, scope: 'public' }));
  app.post('/orders/:id', (c) => c.json({}));
  await post(app, '/orders/17');
  const [record] = (await idempotency.records.list({})).records;
  expect(record!.operation).toBe('POST /orders/:id');
});
