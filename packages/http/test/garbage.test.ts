import { once } from 'node:events';
import { request as ask, createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createIdempotency } from '@twiceproof/core';
import { survivingBytesOfCall } from '@twiceproof/counting';
import { memoryStore } from '@twiceproof/memory';
import express from 'express';
import { expect, onTestFinished, test } from 'vitest';
import { idempotencyKey } from '../src/express.ts';

const requests = 400;

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test('what a replay leaves behind is young, and goes with the next collection', async () => {
  const idempotency = createIdempotency({ environment: 'test', store: memoryStore() });
  const app = express().use(express.json());
  const charge: express.RequestHandler = (_req, res) => void res.status(201).json({ paid: true });
  app.post('/bare', charge);
  app.post('/layer', idempotencyKey({ idempotency, operation: 'charge', scope: 'public' }), charge);
  const port = await portOf(createServer(app));
  const body = JSON.stringify({
    lines: Array.from({ length: 40 }, (_, at) => ({ at, sku: `${at}` })),
  });
  const headers = { 'content-type': 'application/json', 'idempotency-key': 'known' };
  const sending = (path: string) => async () => {
    const sent = ask({ port, path, method: 'POST', headers });
    sent.end(body);
    const [response] = await once(sent, 'response');
    response.resume();
    await once(response, 'end');
  };
  const bare = await survivingBytesOfCall(requests, sending('/bare'));
  const replay = await survivingBytesOfCall(requests, sending('/layer'));
  expect(replay).toBeLessThan(bare + 1_000);
});
