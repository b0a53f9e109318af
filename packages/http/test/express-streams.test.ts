import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import express from 'express';
import express4 from 'express4';
import { describe, expect, test, vi } from 'vitest';
import { isReplay, testApp } from './test-app.ts';

describe.each([
  ['Express 5', express],
  ['Express 4', express4],
] as const)('%s', (_version, create) => {
  const appOf = testApp(create);

  test('a stream that is piped goes on when the client hangs up', async () => {
    const current = appOf();
    const { app, middleware, send, hangUp, records } = current;
    const { promise: open, resolve } = Promise.withResolvers<void>();
    app.post('/', middleware(), async (_req, res) => {
      current.runs += 1;
      await open;
      await pipeline(Readable.from(['one ', 'two ', 'three']), res);
    });
    await hangUp('/');
    resolve();
    await vi.waitFor(async () => expect((await records())[0]?.status).toBe('completed'), 20_000);
    const again = await send('/');
    expect([isReplay(again), await again.text()]).toEqual([true, 'one two three']);
    expect(current.runs).toBe(1);
  });

  test('a long stream goes on when the client hangs up, beyond what is recorded', async () => {
    const current = appOf();
    const { app, middleware, send, hangUp, records } = current;
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    let sent = 0;
    async function* pieces() {
      for (let piece = 0; piece < 100; piece += 1) {
        if (piece === 50) await gone;
        sent += 1;
        yield Buffer.alloc(64 * 1024);
      }
    }
    app.post('/', middleware({ maxBodyBytes: 1_000 }), (_req, res) => {
      current.runs += 1;
      Readable.from(pieces()).pipe(res);
    });
    await hangUp('/');
    resolve();
    await vi.waitFor(async () => expect((await records())[0]?.status).toBe('completed'), 20_000);
    expect(sent).toBe(100);
    expect((await send('/')).status).toBe(409);
  });

  test('a source that fails breaks the connection, and nobody knows what it did', async () => {
    const current = appOf();
    const { app, middleware, send, records } = current;
    app.post('/', middleware(), (_req, res) => {
      current.runs += 1;
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
    const current = appOf();
    const { app, middleware, send, records } = current;
    app.post('/', middleware(), (_req, res) => {
      current.runs += 1;
      res.write('half');
      throw new Error('a fault');
    });
    await expect(send('/')).rejects.toThrow();
    await vi.waitFor(
      async () =>
        expect((await records())[0]).toMatchObject({
          status: 'in_progress',
          lastError: { message: 'the response was cut off' },
        }),
      20_000,
    );
  });

  test('a file that is sent to nobody leaves no request in progress for ever', async () => {
    const current = appOf();
    const { app, middleware, send, hangUp } = current;
    const folder = mkdtempSync(join(tmpdir(), 'twiceproof-http-'));
    const file = join(folder, 'large');
    writeFileSync(file, Buffer.alloc(200_000, 'x'));
    try {
      const { promise: gone, resolve } = Promise.withResolvers<void>();
      app.post('/', middleware(), async (_req, res) => {
        current.runs += 1;
        if (current.runs === 1) await gone;
        res.sendFile(file);
      });
      await hangUp('/');
      resolve();
      const response = await vi.waitFor(async () => {
        const answer = await send('/');
        expect(answer.status).toBe(200);
        return answer;
      }, 20_000);
      expect((await response.arrayBuffer()).byteLength).toBe(200_000);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('a handler that takes too long is answered for, and what it answers late is recorded', async () => {
    const current = appOf();
    const { app, middleware, send, records } = current;
    const { promise: slow, resolve } = Promise.withResolvers<void>();
    app.post('/', middleware({ maxDuration: 50 }), async (_req, res) => {
      current.runs += 1;
      res.set('location', '/charges/1');
      await slow;
      res.status(201).json({ charged: true });
    });
    const given = await send('/');
    expect([given.status, given.headers.get('location')]).toEqual([409, null]);
    expect(given.headers.get('content-type')).toBe('application/problem+json');
    resolve();
    await vi.waitFor(async () => expect((await records())[0]?.status).toBe('completed'), 20_000);
    const again = await send('/');
    expect([again.status, again.headers.get('location')]).toEqual([201, '/charges/1']);
    expect(again.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await again.json()).toEqual({ charged: true });
    expect(current.runs).toBe(1);
  });

  test('a pipelined request waits for its turn', async () => {
    const { app, counted, middleware, url } = appOf();
    app.post('/', middleware(), (_req, res) => void res.json(counted()));
    const { port } = new URL(await url());
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
});
