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
import { listen, type Send, startSender } from '../http/client.ts';
import { paymentOf, receiptOf } from '../layers/payments.ts';
import type { Setting } from '../measuring/benchmark.ts';
import type { Comparison, Contender } from '../measuring/comparison.ts';
import { versionOf } from '../measuring/version-of.ts';

const payment = paymentOf('payment-1');
const body = JSON.stringify(payment);
const receipt = receiptOf(payment.paymentId);

/** Something to ask on the way, as most handlers do. */
type Query = () => Promise<unknown>;

/** Three routes that answer alike: bare, with one query, and behind the layer; the last one tells of its executions. */
type CreateServer = (query: Query, executed: () => void) => Server;

const options = () => ({
  idempotency: createIdempotency({ environment: 'benchmark', store: memoryStore() }),
  operation: 'charge-payment',
  scope: 'public' as const,
});

const frameworks: Readonly<Record<'Express' | 'Hono', CreateServer>> = {
  Express(query, executed) {
    const app = express();
    app.use(express.json());
    const charge: express.RequestHandler = (_request, response) => {
      executed();
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
  Hono(query, executed) {
    const app = new Hono();
    const charge = async (context: Context) => {
      await context.req.json();
      executed();
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
export async function* http({ cleanUp, uses }: Setting): AsyncIterable<Comparison> {
  for (const name of ['express', 'hono']) uses(name, versionOf(name));
  const engine = await startPostgres();
  cleanUp.defer(() => engine.stop());
  const pool = new Pool({ connectionString: engine.url });
  pool.on('error', () => {});
  cleanUp.defer(() => pool.end());
  const query: Query = () => pool.query('SELECT $1::int AS balance', [17]);
  const send = startSender(cleanUp);

  for (const [name, create] of Object.entries(frameworks)) {
    let executions = 0;
    const server = create(query, () => {
      executions++;
    });
    const counted: Counted = async (work) => {
      const before = executions;
      await work();
      return executions - before;
    };
    const port = await listen(server, cleanUp);
    yield {
      title: `${name}, a payment of 1 KB over a socket, ${atOnce} at once`,
      atOnce,
      contenders: contendersOn(port, send, counted),
    };
  }
}

const atOnce = 16;

/** How many executions there were during the work. */
type Counted = (work: () => Promise<unknown>) => Promise<number>;

function contendersOn(port: number, send: Send, counted: Counted): Contender[] {
  let made = 0;
  const contender = (name: string, role: Contender['role'], path: string): Contender => ({
    name,
    role,
    sample: async (calls) => {
      const order = { port, path, body, calls, atOnce };
      let key = `key-${made++}`;
      if (name === 'replay') {
        key = `known-${calls}`;
        await send({ ...order, key });
      }
      let figures: Awaited<ReturnType<Send>> = {};
      const executed = await counted(async () => {
        figures = await send({ ...order, key });
      });
      const expected = name === 'replay' ? 0 : calls;
      if (executed === expected) return figures;
      throw new Error(`${name}: ${executed} requests were executed instead of ${expected}`);
    },
  });
  return [
    contender('handler alone', 'floor', '/bare'),
    contender('handler with one query', 'floor', '/query'),
    contender('handler behind Twiceproof', 'ours', '/layer'),
    contender('replay', 'ours', '/layer'),
  ];
}
