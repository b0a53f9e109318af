import { createServer, type Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { createIdempotency } from '@twiceproof/core';
import { startPostgres } from '@twiceproof/engines';
import { idempotencyKey as forExpress } from '@twiceproof/http/express';
import { idempotencyKey as forHono } from '@twiceproof/http/hono';
import { memoryStore } from '@twiceproof/memory';
import express from 'express';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { Pool } from 'pg';
import type { Benchmark } from './benchmark.ts';
import { clientOf } from './http-load.ts';
import { microsPerCall } from './load.ts';
import { receipt } from './payments.ts';

/** Something to ask on the way, as most handlers do. */
type Query = () => Promise<unknown>;

/** Three routes that answer alike: bare, with one query, and behind the layer. */
type CreateServer = (query: Query) => Server;

const options = () => ({
  idempotency: createIdempotency({ environment: 'benchmark', store: memoryStore() }),
  operation: 'charge-payment',
  scope: 'public' as const,
});

const frameworks: Readonly<Record<'Express' | 'Hono', CreateServer>> = {
  Express(query) {
    const app = express();
    app.use(express.json());
    const charge: express.RequestHandler = (_request, response) => {
      response.status(201).json(receipt);
    };
    app.post('/bare', charge);
    app.post(
      '/query',
      async (_request, _response, next) => {
        await query();
        next();
      },
      charge,
    );
    app.post('/layer', forExpress(options()), charge);
    return createServer(app);
  },
  Hono(query) {
    const app = new Hono();
    const charge = async (context: Context) => {
      await context.req.json();
      return context.json(receipt, 201);
    };
    const ask: MiddlewareHandler = async (_context, next) => {
      await query();
      return next();
    };
    app.post('/bare', charge);
    app.post('/query', ask, charge);
    app.post('/layer', forHono(options()), charge);
    return createAdaptorServer({ fetch: app.fetch }) as Server;
  },
};

/** What the layer costs before a handler that does nothing, and a replay against one that asks a database. */
export const http: Benchmark = {
  name: 'http',
  about:
    'the Idempotency-Key header on Express and Hono, against the bare handler and one with a query',

  async prepare({ calls, cleanUp }) {
    const engine = await startPostgres();
    cleanUp.defer(() => engine.stop());
    const pool = new Pool({ connectionString: engine.url });
    cleanUp.defer(() => pool.end());
    const query: Query = () => pool.query('SELECT $1::int AS balance', [17]);

    const load = { calls: calls(1_000), atOnce: 16 };
    let made = 0;
    return Promise.all(
      Object.entries(frameworks).map(async ([name, create]) => {
        const { post } = await clientOf(create(query), cleanUp);
        const sample = (path: string, key: () => string) => () =>
          microsPerCall(load, () => post(path, key()));
        const newKey = () => `key-${made++}`;
        await post('/layer', 'known');
        return {
          title: `${name}, a payment of 1 KB over a socket, 16 at once`,
          unit: 'µs a request',
          contenders: [
            { name: 'handler alone', sample: sample('/bare', newKey) },
            { name: 'handler with one query', sample: sample('/query', newKey) },
            { name: 'handler behind Twiceproof', sample: sample('/layer', newKey) },
            { name: 'replay', sample: sample('/layer', () => 'known') },
          ],
        };
      }),
    );
  },
};
