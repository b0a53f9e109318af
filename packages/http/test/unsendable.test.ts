import { createServer } from 'node:http';
import { createIdempotency, type Idempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import type { HttpHarness } from '@twiceproof/testing/http';
import express from 'express';
import fastify from 'fastify';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { idempotencyKey as expressKey } from '../src/express.ts';
import { idempotencyKey as fastifyKey } from '../src/fastify.ts';
import type { HttpOptions, ProblemAnswer } from '../src/index.ts';
import { idempotencyKey as fetchKey } from '../src/index.ts';
import { idempotencyKey as nodeKey } from '../src/node.ts';
import { listen, serveFetch } from './servers/serve-fetch.ts';

type Options = HttpOptions<never>;

const servers: Record<string, (options: Options) => Promise<HttpHarness>> = {
  fetch: (options) => serveFetch(fetchKey(options as never, () => new Response('done'))),
  'node:http': (options) =>
    listen(createServer(nodeKey(options as never, (_req, res) => void res.end('done')))),
  Express: (options) => {
    const app = express().set('env', 'test');
    app.post('/', expressKey(options as never), (_req, res) => void res.end('done'));
    return listen(createServer(app));
  },
  async Fastify(options) {
    const app = fastify();
    await app.register(fastifyKey, options as never);
    app.post('/', { config: { idempotency: true } }, async () => 'done');
    await app.ready();
    return listen(app.server);
  },
};

for (const [name, serve] of Object.entries(servers)) {
  for (const isAtOnce of [true, false]) {
    describe(`${name}, with a store that answers ${isAtOnce ? 'at once' : 'later'}`, () => {
      let idempotency: Idempotency;
      let harness: HttpHarness;
      const start = async (options: Partial<Options> = {}): Promise<void> => {
        const { atOnce, ...store } = memoryStore();
        idempotency = createIdempotency({
          environment: 'test',
          store: isAtOnce ? { ...store, atOnce } : store,
        });
        harness = await serve({ idempotency, scope: 'public', operation: 'charge', ...options });
      };
      beforeEach(() => {
        vi.spyOn(console, 'error').mockImplementation(() => {});
      });
      afterEach(async () => {
        vi.restoreAllMocks();
        await harness.stop();
      });
      const post = (key: string) =>
        fetch(harness.url, {
          method: 'POST',
          headers: { 'idempotency-key': key },
          signal: AbortSignal.timeout(20_000),
        });

      test.each<[string, ProblemAnswer]>([
        ['a header that is no Latin-1', { headers: { 'x-amount': '10 €' }, body: 'no' }],
        ['a header of two lines', { headers: { 'x-lines': 'a\r\nb' }, body: 'no' }],
        ['a name that is none', { headers: { 'x y': 'z' }, body: 'no' }],
        ['a status that is none', { status: 1_000, body: 'no' }],
      ])('problem that gives %s is the default answer', async (_what, given) => {
        await start({ problem: () => given });
        const response = await post('"a", "b"');
        expect(response.status).toBe(400);
        expect(response.headers.get('content-type')).toBe('application/problem+json');
      });

      test.each([
        ['a header that is no Latin-1', { status: 200, headers: { 'x-amount': '10 €' } }],
        ['a header of two lines', { status: 200, headers: { 'x-lines': 'a\nb' } }],
        ['a name that is none', { status: 200, headers: { 'x y': 'z' } }],
      ])('a record that an operator completed with %s holds no response', async (_what, given) => {
        await start();
        expect(await (await post('1')).text()).toBe('done');
        const { records } = await idempotency.records.list();
        const { id } = records[0]!;
        expect(await idempotency.records.release(id)).toBe(true);
        expect(await idempotency.records.complete(id, given)).toBe(true);
        for (let time = 0; time < 3; time += 1) {
          const response = await post('1');
          expect(response.status).toBe(409);
          expect(await response.json()).toMatchObject({
            type: 'urn:twiceproof:problem:result-omitted',
          });
        }
      });
    });
  }
}
