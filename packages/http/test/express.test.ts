import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as requestHttp } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createIdempotency, currentExecution, type Idempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import type { HttpHarness } from '@twiceproof/testing/http';
import compression from 'compression';
import express, { type ErrorRequestHandler, type Express, type Request } from 'express';
import express4 from 'express4';
import multer from 'multer';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { idempotencyKey } from '../src/express.ts';
import { listen } from './servers/serve-fetch.ts';

describe.each([
  ['Express 5', express],
  ['Express 4', express4],
] as const)('%s', (_version, create) => {
  let idempotency: Idempotency;
  let app: Express;
  let harness: HttpHarness | undefined;
  let runs: number;
  /** What a handler answers: how often it has run. */
  function counted(): { run: number } {
    runs += 1;
    return { run: runs };
  }
  const middleware = () => idempotencyKey({ idempotency, scope: 'public' });

  beforeEach(() => {
    idempotency = createIdempotency({ environment: 'test', store: memoryStore() });
    app = create();
    app.set('env', 'test');
    runs = 0;
  });
  afterEach(() => harness?.stop());

  async function send(path: string, init: RequestInit = {}) {
    harness ??= await listen(createServer(app));
    const headers = { 'idempotency-key': '"1"', ...init.headers };
    return fetch(`${harness.url}${path}`, { method: 'POST', body: 'x', ...init, headers });
  }
  afterEach(() => {
    harness = undefined;
  });

  const records = async () => (await idempotency.records.list({})).records;
  const isReplay = (response: Response) => response.headers.get('idempotent-replayed') === 'true';

  /** Sends a request and hangs up as soon as the handler runs. */
  async function hangUp(path: string): Promise<void> {
    harness ??= await listen(createServer(app));
    const outgoing = requestHttp(`${harness.url}${path}`, {
      method: 'POST',
      headers: { 'idempotency-key': '"1"' },
    });
    outgoing.on('error', () => {});
    outgoing.end('x');
    await vi.waitFor(() => expect(runs).toBe(1));
    outgoing.destroy();
  }

  test('names an operation by method and route', async () => {
    const router = create.Router();
    router.post('/:id', middleware(), (_req, res) => void res.json({}));
    app.use('/orders', router);
    await send('/orders/17');
    expect((await records())[0]!.operation).toBe('POST /orders/:id');
  });

  test('hands the execution to the handler, over middleware and awaits', async () => {
    app.post('/', middleware(), express.json(), async (_req, res) => {
      await new Promise(setImmediate);
      res.json({ operation: currentExecution().operation });
    });
    expect(await (await send('/')).json()).toEqual({ operation: 'POST /' });
  });

  test('compression before it compresses replays, too', async () => {
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
    app.post('/', middleware(), compression({ threshold: 0 }), (_req, res) => {
      res.json(counted());
    });
    const raw = { headers: { 'accept-encoding': 'gzip' } };
    const [first, again] = [await send('/', raw), await send('/', raw)];
    expect([isReplay(first), isReplay(again)]).toEqual([false, true]);
    expect(again.headers.get('content-encoding')).toBe('gzip');
    expect(await again.json()).toEqual(await first.json());
    expect(runs).toBe(1);
  });

  test('multer after it gets the upload, and another file is another payload', async () => {
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
    app.post('/', middleware(), () => {
      runs += 1;
      throw Object.assign(new Error('no such order'), { status: 404 });
    });
    const onError: ErrorRequestHandler = (error, _req, res, _next) =>
      void res.status(error.status).json({ error: error.message });
    app.use(onError);
    expect((await send('/')).status).toBe(404);
    const again = await send('/');
    expect([again.status, isReplay(again)]).toEqual([404, true]);
    expect(runs).toBe(1);
  });

  test('what the scope throws is for the error handler', async () => {
    app.post(
      '/',
      idempotencyKey({
        idempotency,
        scope: () => {
          throw Object.assign(new Error('not signed in'), { status: 401 });
        },
      }),
      (_req, res) => void res.json(counted()),
    );
    expect((await send('/')).status).toBe(401);
    expect(runs).toBe(0);
  });

  test('writeHead with headers is recorded like any other head', async () => {
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
    await vi.waitFor(() =>
      expect(seen).toEqual([false, false, true, true, 'ERR_HTTP_HEADERS_SENT', 'finished']),
    );
  });

  test('headers of earlier middleware are on replays and on problems as well', async () => {
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

  test('a stream that is piped goes on when the client hangs up', async () => {
    const { promise: open, resolve } = Promise.withResolvers<void>();
    app.post('/', middleware(), async (_req, res) => {
      runs += 1;
      await open;
      await pipeline(Readable.from(['one ', 'two ', 'three']), res);
    });
    await hangUp('/');
    resolve();
    await vi.waitFor(async () => expect((await records())[0]?.status).toBe('completed'));
    const again = await send('/');
    expect([isReplay(again), await again.text()]).toEqual([true, 'one two three']);
    expect(runs).toBe(1);
  });

  test('a long stream goes on when the client hangs up, beyond what is recorded', async () => {
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    let sent = 0;
    async function* pieces() {
      for (let piece = 0; piece < 100; piece += 1) {
        if (piece === 50) await gone;
        sent += 1;
        yield Buffer.alloc(64 * 1024);
      }
    }
    app.post(
      '/',
      idempotencyKey({ idempotency, scope: 'public', maxBodyBytes: 1_000 }),
      (_req, res) => {
        runs += 1;
        Readable.from(pieces()).pipe(res);
      },
    );
    await hangUp('/');
    resolve();
    await vi.waitFor(async () => expect((await records())[0]?.status).toBe('completed'));
    expect(sent).toBe(100);
    expect((await send('/')).status).toBe(409);
  });

  test('a source that fails breaks the connection, and nobody knows what it did', async () => {
    app.post('/', middleware(), (_req, res) => {
      runs += 1;
      const source = new Readable({ read() {} });
      source.push('half');
      source.on('error', () => {});
      source.pipe(res);
      setImmediate(() => source.destroy(new Error('disk failure')));
    });
    await expect(send('/')).rejects.toThrow();
    const [record] = await records();
    expect(record).toMatchObject({ status: 'in_progress', lastError: { message: 'disk failure' } });
  });

  test('a handler that fails after it began breaks the connection, and nobody knows', async () => {
    app.post('/', middleware(), (_req, res) => {
      runs += 1;
      res.write('half');
      throw new Error('a fault');
    });
    await expect(send('/')).rejects.toThrow();
    await vi.waitFor(async () =>
      expect((await records())[0]).toMatchObject({
        status: 'in_progress',
        lastError: { message: 'the response was cut off' },
      }),
    );
  });

  test('a file that is sent to nobody leaves no request in progress for ever', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'twiceproof-http-'));
    const file = join(folder, 'large');
    writeFileSync(file, Buffer.alloc(200_000, 'x'));
    try {
      const { promise: gone, resolve } = Promise.withResolvers<void>();
      app.post('/', middleware(), async (_req, res) => {
        runs += 1;
        if (runs === 1) await gone;
        res.sendFile(file);
      });
      await hangUp('/');
      await vi.waitFor(() => expect(harness).toBeDefined());
      resolve();
      const response = await vi.waitFor(async () => {
        const answer = await send('/');
        expect(answer.status).toBe(200);
        return answer;
      });
      expect((await response.arrayBuffer()).byteLength).toBe(200_000);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('a pipelined request waits for its turn', async () => {
    app.post('/', middleware(), (_req, res) => void res.json(counted()));
    harness = await listen(createServer(app));
    const { port } = new URL(harness.url);
    const socket = connect(Number(port), '127.0.0.1');
    const one = (key: string) =>
      `POST / HTTP/1.1\r\nHost: x\r\nIdempotency-Key: ${key}\r\nContent-Length: 1\r\n\r\nx`;
    socket.write(one('a') + one('b') + one('a'));
    let received = '';
    for await (const chunk of socket) {
      received += chunk;
      if (received.split('"run"').length === 4) break;
    }
    const bodies = [...received.matchAll(/\{"run":(\d)\}/g)].map((match) => match[1]);
    expect(bodies).toEqual(['1', '2', '1']);
  });

  test('the request that a function gets is as Express has it', async () => {
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
