import { Agent, createServer, request } from 'node:http';
import { createIdempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import express from 'express';
import { expect, test } from 'vitest';
import { idempotencyKey } from '../src/express.ts';
import { listen } from './servers/serve-fetch.ts';

const principals = ['ada', 'bob', 'eve'];
const keys = Array.from({ length: 50 }, (_, index) => `key-${index}`);
const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]!;

test('in 10,000 requests of three principals with equal keys nobody sees what is another’s', async () => {
  const idempotency = createIdempotency({ environment: 'test', store: memoryStore() });
  const app = express();
  app.post(
    '/charges',
    idempotencyKey({ idempotency, scope: (req) => req.headers['x-principal']?.toString() }),
    (req, res) => {
      const owner = req.headers['x-principal'];
      res.status(201).json({ owner, key: req.headers['idempotency-key'], secret: Math.random() });
    },
  );
  const harness = await listen(createServer(app));
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const seen = new Map<string, string>();
  const foreign: string[] = [];
  const one = async (): Promise<void> => {
    const principal = pick(principals);
    const key = pick(keys);
    const body = await send(`${harness.url}/charges`, agent, principal, key);
    if (body === undefined) return;
    const { owner, key: of } = JSON.parse(body);
    const known = seen.get(`${principal} ${key}`) ?? body;
    seen.set(`${principal} ${key}`, known);
    if (owner !== principal || of !== key || known !== body) foreign.push(body);
  };
  try {
    for (let round = 0; round < 100; round += 1) {
      await Promise.all(Array.from({ length: 100 }, one));
    }
  } finally {
    agent.destroy();
    await harness.stop();
  }
  expect(foreign).toEqual([]);
  expect(seen.size).toBe(principals.length * keys.length);
  expect(new Set(seen.values()).size).toBe(seen.size);
});

/** The body of the answer; undefined for a request in progress. */
function send(
  url: string,
  agent: Agent,
  principal: string,
  key: string,
): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { 'x-principal': principal, 'idempotency-key': key };
    const outgoing = request(url, { method: 'POST', agent, headers }, async (message) => {
      const chunks: Buffer[] = [];
      for await (const chunk of message) chunks.push(chunk);
      if (message.statusCode === 409) resolve(undefined);
      else if (message.statusCode === 201) resolve(Buffer.concat(chunks).toString());
      else reject(new Error(`${message.statusCode}: ${Buffer.concat(chunks)}`));
    });
    outgoing.on('error', reject).end();
  });
}
