// Servers under the usual instrumentation of HTTP. Writes the spans of two requests with one key to each.
import { createRequire } from 'node:module';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { TwiceproofInstrumentation } from '@twiceproof/otel';

interface Span {
  readonly name: string;
  readonly kind: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly parentSpanContext?: { readonly spanId: string };
  spanContext(): { readonly spanId: string; readonly traceId: string };
}

const ended: Span[] = [];
const sdk = new NodeSDK({
  instrumentations: [new HttpInstrumentation(), new TwiceproofInstrumentation()],
  spanProcessors: [
    {
      onStart() {},
      onEnd: (span) => void ended.push(span as unknown as Span),
      forceFlush: async () => {},
      shutdown: async () => {},
    },
  ],
  metricReaders: [],
});
sdk.start();
// Whoever requires it first gets the instrumented one; modules that were loaded before would not.
createRequire(import.meta.url)('node:http');

const { createIdempotency } = await import('@twiceproof/core');
const { memoryStore } = await import('@twiceproof/memory');
const { default: express } = await import('express');
const { default: fastify } = await import('fastify');
const { Hono } = await import('hono');
const { listen, serveFetch } = await import('../servers/serve-fetch.ts');
const { createServer } = await import('node:http');
const { idempotencyKey: forExpress } = await import('../../src/express.ts');
const { idempotencyKey: forFastify } = await import('../../src/fastify.ts');
const { idempotencyKey: forHono } = await import('../../src/hono.ts');

const options = () => ({
  idempotency: createIdempotency({ environment: 'test', store: memoryStore() }),
  operation: 'pay-order',
  scope: 'public' as const,
});
const servers = {
  async express() {
    const app = express();
    app.post('/orders/:id/payment', forExpress(options()), (_req, res) => void res.json({}));
    return listen(createServer(app));
  },
  async hono() {
    const app = new Hono();
    app.post('/orders/:id/payment', forHono(options()), (c) => c.json({}));
    return serveFetch(app.fetch);
  },
  async fastify() {
    const app = fastify({ forceCloseConnections: true });
    await app.register(forFastify, options());
    app.post('/orders/:id/payment', { config: { idempotency: true } }, async () => ({}));
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    return { url, stop: () => app.close() };
  },
};

const seen: Record<string, unknown> = {};
for (const [name, start] of Object.entries(servers)) {
  const { url, stop } = await start();
  ended.length = 0;
  for (const _time of [1, 2]) {
    const headers = { 'idempotency-key': '1' };
    await (await fetch(`${url}/orders/17/payment`, { method: 'POST', headers })).text();
  }
  await stop();
  seen[name] = ended.map((span) => ({
    name: span.name,
    isServer: span.kind === 1,
    id: span.spanContext().spanId,
    parent: span.parentSpanContext?.spanId,
    route: span.attributes['http.route'],
    outcome: span.attributes['idempotency.outcome'],
  }));
}
await sdk.shutdown();
console.log(JSON.stringify(seen));
