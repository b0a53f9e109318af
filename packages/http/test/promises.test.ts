import { once } from 'node:events';
import { Agent, request as ask, createServer, type Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { createIdempotency } from '@twiceproof/core';
import { promisesOfCall } from '@twiceproof/counting';
import { memoryStore } from '@twiceproof/memory';
import express from 'express';
import { type Context, Hono } from 'hono';
import { expect, onTestFinished, test } from 'vitest';
import { idempotencyKey as onExpress } from '../src/express.ts';
import { idempotencyKey as onHono } from '../src/hono.ts';
import { listen } from './servers/serve-fetch.ts';

const requests = 50;

/** Promises of a request, those of its client among them. */
async function promisesOf(send: (at: number) => Promise<void>): Promise<number> {
  for (let round = 0; round < 3; round++) for (let at = 0; at < requests; at++) await send(at);
  return promisesOfCall(requests, send);
}

/** Promises of requests to `/layer`, beyond those of requests to `/bare`, which has a middleware that does nothing. */
async function promisesOfLayer(server: Server): Promise<{ replay: number; first: number }> {
  const { url, stop } = await listen(server);
  const agent = new Agent({ keepAlive: true });
  onTestFinished(async () => {
    agent.destroy();
    await stop();
  });

  const sending = (path: string, keyOf: (at: number) => number) => async (at: number) => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': `${keyOf(at)}` };
    const sent = ask(`${url}${path}`, { method: 'POST', agent, headers });
    sent.end('{"amount":10}');
    const [response] = await once(sent, 'response');
    expect(response.statusCode).toBe(201);
    response.resume();
    await once(response, 'end');
  };
  let sent = requests;
  const bare = await promisesOf(sending('/bare', (at) => at));
  const replay = await promisesOf(sending('/layer', (at) => at));
  const first = await promisesOf(sending('/layer', () => sent++));
  return { replay: replay - bare, first: first - bare };
}

const layerOptions = () => ({
  idempotency: createIdempotency({ environment: 'test', store: memoryStore() }),
  scope: 'public' as const,
});

test('on Hono and Node a replay makes no more promises than a middleware that does nothing, and a first execution few', async () => {
  const app = new Hono();
  const charge = async (c: Context) => c.json({ charged: await c.req.json() }, 201);
  app.post('/bare', (_c, next) => next(), charge);
  app.post('/layer', onHono(layerOptions()), charge);
  const { replay, first } = await promisesOfLayer(
    createAdaptorServer({ fetch: app.fetch }) as Server,
  );
  expect(replay).toBeLessThanOrEqual(0);
  expect(first).toBeLessThanOrEqual(13);
});

test('a replay and a first execution on Express make few promises', async () => {
  const app = express().use(express.json());
  const charge: express.RequestHandler = (_req, res) => void res.status(201).json({ paid: true });
  app.post('/bare', (_req, _res, next) => next(), charge);
  app.post('/layer', onExpress(layerOptions()), charge);
  const { replay, first } = await promisesOfLayer(createServer(app));
  expect(replay).toBeLessThanOrEqual(5);
  expect(first).toBeLessThanOrEqual(12);
});
