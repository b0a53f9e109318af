import { createServer, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { describeIdempotentHttp, idempotentHttpService } from '@twiceproof/testing/http';
import express from 'express';
import express4 from 'express4';
import fastify, { type FastifyRequest } from 'fastify';
import { type Context, Hono } from 'hono';
import { idempotencyKey as forExpress } from '../src/express.ts';
import { idempotencyKey as forFastify } from '../src/fastify.ts';
import { idempotencyKey as forHono } from '../src/hono.ts';
import { idempotencyKey } from '../src/index.ts';
import { idempotencyKey as forNode } from '../src/node.ts';
import { bytesOf, nodeHandler } from './servers/node-handler.ts';
import { routesOf } from './servers/routes.ts';
import { fetchHandler, listen, serveFetch } from './servers/serve-fetch.ts';

const header = (req: IncomingMessage): string | undefined => req.headers['x-principal']?.toString();

describeIdempotentHttp('a fetch handler', () => {
  const routes = routesOf((request: Request) => request.headers.get('x-principal') ?? undefined);
  const handler = fetchHandler(idempotentHttpService());
  const handlers = new Map(
    routes.paths.map((path) => [path, idempotencyKey(routes.of(path), handler)]),
  );
  return serveFetch((request) => (handlers.get(new URL(request.url).pathname) ?? handler)(request));
});

describeIdempotentHttp('Hono', () => {
  const routes = routesOf((context: Context) => context.req.header('x-principal'));
  const handler = fetchHandler(idempotentHttpService());
  const app = new Hono();
  for (const path of routes.paths) app.use(path, forHono(routes.of(path)));
  app.all('*', (context) => handler(context.req.raw));
  return serveFetch(app.fetch);
});

describeIdempotentHttp('node:http', () => {
  const routes = routesOf(header);
  const listener = nodeHandler(idempotentHttpService());
  const plain = (req: IncomingMessage, res: Parameters<typeof listener>[1]) => listener(req, res);
  const listeners = new Map(routes.paths.map((path) => [path, forNode(routes.of(path), plain)]));
  return listen(
    createServer((req, res) => {
      const path = req.url!.split('?')[0]!;
      void (listeners.get(path) ?? plain)(req, res);
    }),
  );
});

const versions = [
  ['Express 5', express],
  ['Express 4', express4],
] as const;
const parsers = {
  'without a parser': (_app: express.Express, add: () => void) => add(),
  'with a parser before it': (app: express.Express, add: () => void) => {
    app.use(express.json(), express.urlencoded());
    add();
  },
  'with a parser after it': (app: express.Express, add: () => void) => {
    add();
    app.use(express.json(), express.urlencoded());
  },
};
for (const [version, create] of versions) {
  for (const [setup, arrange] of Object.entries(parsers)) {
    describeIdempotentHttp(`${version} ${setup}`, () => {
      const routes = routesOf(header);
      const listener = nodeHandler(idempotentHttpService());
      const app = create();
      app.set('env', 'test');
      arrange(app, () => {
        for (const path of routes.paths) app.use(path, forExpress(routes.of(path)));
      });
      app.use((req, res, next) => {
        listener(Object.assign(req, { url: req.originalUrl }), res, req.body).catch(next);
      });
      return listen(createServer(app));
    });
  }
}

for (const isRaw of [false, true]) {
  describeIdempotentHttp(isRaw ? 'Fastify without its parsers' : 'Fastify', async () => {
    const routes = routesOf((request: FastifyRequest) => header(request.raw));
    const service = idempotentHttpService();
    const app = fastify({ forceCloseConnections: true });
    if (isRaw) {
      app.removeAllContentTypeParsers();
      app.addContentTypeParser('*', (_request, _payload, done) => done(null));
    } else {
      app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
        done(null, body),
      );
    }
    await app.register(forFastify, routes.of('/charges'));
    for (const path of [...routes.paths, '/effects/*', '/release/*']) {
      const { idempotency: _idempotency, scope: _scope, ...own } = routes.of(path);
      app.all(path, {
        config: routes.paths.includes(path) ? { idempotency: own } : {},
        handler: async (request, reply) => {
          const { status, headers, body } = await service.handle({
            method: request.method,
            path: request.url.split('?')[0]!,
            header: (name) => request.headers[name]?.toString(),
            body: await bytesOf(request.raw, request.body ?? undefined),
          });
          for (const [name, value] of Object.entries(headers)) reply.header(name, value);
          reply.code(status);
          if (body instanceof Uint8Array)
            return reply.send(body.byteLength > 0 ? Buffer.from(body) : undefined);
          return reply.send(Readable.from(body));
        },
      });
    }
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as { port: number };
    return { url: `http://127.0.0.1:${port}`, stop: () => app.close() };
  });
}
