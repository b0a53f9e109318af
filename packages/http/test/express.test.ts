import { currentExecution } from '@twiceproof/core';
import compression from 'compression';
import express, { type ErrorRequestHandler, type Request } from 'express';
import express4 from 'express4';
import multer from 'multer';
import { describe, expect, test, vi } from 'vitest';
import { idempotencyKey } from '../src/express.ts';
import { isReplay, testApp } from './test-app.ts';

describe.each([
  ['Express 5', express],
  ['Express 4', express4],
] as const)('%s', (_version, create) => {
  const appOf = testApp(create);

  test('names an operation by method and route', async () => {
    const { app, middleware, send, records } = appOf();
    const router = create.Router();
    router.post('/:id', middleware(), (_req, res) => void res.json({}));
    app.use('/orders', router);
    await send('/orders/17');
    expect((await records())[0]!.operation).toBe('POST /orders/:id');
  });

  test('hands the execution to the handler, over middleware and awaits', async () => {
    const { app, middleware, send } = appOf();
    app.post('/', middleware(), express.json(), async (_req, res) => {
      await new Promise(setImmediate);
      res.json({ operation: currentExecution().operation });
    });
    expect(await (await send('/')).json()).toEqual({ operation: 'POST /' });
  });

  test('compression before it compresses replays, too', async () => {
    const { app, counted, middleware, send } = appOf();
    app.use(compression({ threshold: 0 }));
    app.post('/', middleware(), (_req, res) => void res.json(counted()));
    const first = await send('/');
    const again = await send('/');
    expect([isReplay(first), isReplay(again)]).toEqual([false, true]);
    for (const response of [first, again]) {
      expect(response.headers.get('content-encoding')).toBe('gzip');
      expect(await response.json()).toEqual({ run: 1 });
    }
    const plain = await send('/', { headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(await plain.json()).toEqual({ run: 1 });
  });

  test('compression after it is recorded as it was sent', async () => {
    const current = appOf();
    const { app, counted, middleware, send } = current;
    app.post('/', middleware(), compression({ threshold: 0 }), (_req, res) => {
      res.json(counted());
    });
    const raw = { headers: { 'accept-encoding': 'gzip' } };
    const [first, again] = [await send('/', raw), await send('/', raw)];
    expect([isReplay(first), isReplay(again)]).toEqual([false, true]);
    expect(again.headers.get('content-encoding')).toBe('gzip');
    expect(await again.json()).toEqual(await first.json());
    expect(current.runs).toBe(1);
  });

  test('multer after it gets the upload, and another file is another payload', async () => {
    const { app, middleware, send } = appOf();
    app.post('/', middleware(), multer().single('receipt'), (req, res) => {
      res.json({ file: req.file?.buffer.toString(), amount: req.body.amount });
    });
    const upload = (text: string) => {
      const form = new FormData();
      form.set('amount', '10');
      form.set('receipt', new File([text], 'receipt.txt'));
      return send('/', { body: form });
    };
    const first = await upload('bread');
    expect(await first.json()).toEqual({ file: 'bread', amount: '10' });
    expect(isReplay(await upload('bread'))).toBe(true);
    expect((await upload('milk')).status).toBe(422);
  });

  test('what an error handler answers is a response', async () => {
    const current = appOf();
    const { app, middleware, send } = current;
    app.post('/', middleware(), () => {
      current.runs += 1;
      throw Object.assign(new Error('no such order'), { status: 404 });
    });
    const onError: ErrorRequestHandler = (error, _req, res, _next) =>
      void res.status(error.status).json({ error: error.message });
    app.use(onError);
    expect((await send('/')).status).toBe(404);
    const again = await send('/');
    expect([again.status, isReplay(again)]).toEqual([404, true]);
    expect(current.runs).toBe(1);
  });

  test('a handler whose turn comes after its request was answered leaves no failure behind', async () => {
    const current = appOf();
    const { app, counted, middleware, records, send } = current;
    const { promise: door, resolve: open } = Promise.withResolvers<void>();
    app.use((req, res, next) => {
      if (req.headers['x-impatient']) setTimeout(() => res.status(503).end(), 50);
      next();
    });
    app.post('/', middleware({ inProgress: 'wait', failure: 'record' }), async (_req, res) => {
      const body = counted();
      await door;
      res.status(body.run === 1 ? 500 : 200).json(body);
    });
    const first = send('/');
    await vi.waitFor(() => expect(current.runs).toBe(1), 20_000);
    expect((await send('/', { headers: { 'x-impatient': '1' } })).status).toBe(503);
    open();
    expect((await first).status).toBe(500);
    await vi.waitFor(async () => expect(await records()).toMatchObject([{ attempt: 2 }]), 20_000);
    const again = await send('/');
    expect([again.status, isReplay(again), await again.json()]).toEqual([200, false, { run: 2 }]);
  });

  test('what the scope throws is for the error handler', async () => {
    const current = appOf();
    const { app, counted, middleware, send } = current;
    app.post(
      '/',
      middleware({
        scope: () => {
          throw Object.assign(new Error('not signed in'), { status: 401 });
        },
      }),
      (_req, res) => void res.json(counted()),
    );
    expect((await send('/')).status).toBe(401);
    expect(current.runs).toBe(0);
  });

  test('writeHead with headers is recorded like any other head', async () => {
    const { app, middleware, send } = appOf();
    app.post('/', middleware(), (_req, res) => {
      res.writeHead(201, 'Charged', { Location: '/charges/1', Link: ['</a>', '</b>'] });
      res.write('char');
      res.end('ged');
    });
    const first = await send('/');
    expect([first.status, first.statusText]).toEqual([201, 'Charged']);
    const again = await send('/');
    expect(isReplay(again)).toBe(true);
    for (const response of [first, again]) {
      expect(response.headers.get('location')).toBe('/charges/1');
      expect(response.headers.get('link')).toBe('</a>, </b>');
      expect(response.headers.get('idempotency-key')).toBe('"1"');
      expect(await response.text()).toBe('charged');
    }
  });

  test('to the handler its response is sent when it has ended it', async () => {
    const { app, middleware, send } = appOf();
    const seen: unknown[] = [];
    app.post('/', middleware(), (_req, res) => {
      seen.push(res.headersSent, res.writableEnded);
      res.json({});
      seen.push(res.headersSent, res.writableEnded);
      try {
        res.setHeader('x-late', '1');
      } catch (error) {
        seen.push((error as { code: string }).code);
      }
      res.once('finish', () => seen.push('finished'));
    });
    const response = await send('/');
    await response.text();
    expect(response.headers.get('x-late')).toBeNull();
    await vi.waitFor(
      () => expect(seen).toEqual([false, false, true, true, 'ERR_HTTP_HEADERS_SENT', 'finished']),
      20_000,
    );
  });

  test('an app behind it, which has a response class of its own, is recorded', async () => {
    const { app, counted, middleware, send } = appOf();
    const inner = create();
    inner.post('/', (_req, res) => void res.status(201).json(counted()));
    app.use('/inner', middleware({ operation: 'inner' }), inner);
    const [first, again] = [await send('/inner'), await send('/inner')];
    expect([isReplay(first), isReplay(again)]).toEqual([false, true]);
    expect([again.status, await again.json()]).toEqual([201, { run: 1 }]);
  });

  test('one layer within another: each records what passed it', async () => {
    const { app, counted, middleware, send, records } = appOf();
    const seen: unknown[] = [];
    const layers = [middleware({ operation: 'outer' }), middleware({ operation: 'inner' })];
    app.post('/', ...layers, (_req, res) => {
      seen.push(res.headersSent, res.writableEnded);
      res.status(201).json(counted());
      seen.push(res.headersSent, res.writableEnded);
      res.once('finish', () => seen.push(res.headersSent, res.writableEnded));
    });
    const [first, again] = [await send('/'), await send('/')];
    expect([isReplay(first), isReplay(again)]).toEqual([false, true]);
    for (const response of [first, again]) {
      expect([response.status, await response.json()]).toEqual([201, { run: 1 }]);
    }
    expect((await records()).map(({ operation, status }) => [operation, status]).sort()).toEqual([
      ['inner', 'completed'],
      ['outer', 'completed'],
    ]);
    await vi.waitFor(() => expect(seen).toEqual([false, false, true, true, true, true]), 20_000);
  });

  test('headers of earlier middleware are on replays and on problems as well', async () => {
    const { app, middleware, send } = appOf();
    app.use((_req, res, next) => {
      res.set('access-control-allow-origin', '*');
      next();
    });
    app.post('/', middleware(), (_req, res) => void res.json({}));
    await send('/');
    expect((await send('/')).headers.get('access-control-allow-origin')).toBe('*');
    const problem = await send('/', { body: 'other' });
    expect(problem.status).toBe(422);
    expect(problem.headers.get('access-control-allow-origin')).toBe('*');
  });

  test('the request that a function gets is as Express has it', async () => {
    const { app, idempotency, counted, send, records } = appOf();
    app.post(
      '/:tenant',
      idempotencyKey({
        idempotency,
        scope: (request: Request) => request.params.tenant?.toString(),
      }),
      (_req, res) => void res.json(counted()),
    );
    await send('/ada');
    expect((await records())[0]!.scope).toBe('ada');
  });
});
