import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { context, metrics, trace } from '@opentelemetry/api';
import { createIdempotency, type Idempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { openTelemetry } from '@twiceproof/otel';
import { afterEach, expect, test, vi } from 'vitest';
import { replayedKey } from './spans/calls-of-key.ts';
import { spanCollector } from './spans/span-collector.ts';
import { spanTree } from './spans/span-tree.ts';
import { isTelemetryConfigured, otlpEnvironment, startTelemetry } from './start-telemetry.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  for (const api of [trace, metrics, context]) api.disable();
});

async function chargeTwice(): Promise<Idempotency> {
  const idempotency = createIdempotency({
    environment: 'dev',
    store: memoryStore(),
    instrumentation: openTelemetry(),
  });
  for (let delivery = 0; delivery < 2; delivery++) {
    await idempotency.execute({ operation: 'charge', key: 'order-1' }, () => {});
  }
  return idempotency;
}

test('with a collector, a program can show its own spans as a tree', async () => {
  const collector = spanCollector();
  const telemetry = await startTelemetry({ serviceName: 'shop', collector });
  await chargeTwice();
  await telemetry.stop();

  // As they arrive from another process.
  const spans = JSON.parse(JSON.stringify(collector.take()));
  const tree = spanTree(spans, replayedKey(spans)!).split('\n');
  const shape = tree.map((line) =>
    line.replace(/ +\d+(\.\d)? ms/, '').replace(/[0-9a-f]{32}/, '…'),
  );
  expect(shape).toEqual([
    'trace …',
    'execute charge  executed',
    '└─ run charge  attempt 1',
    '',
    'trace …',
    'replay charge  replayed  of trace …',
  ]);
  expect(tree.at(-1)).toContain(tree[0]);
  expect(collector.take()).toEqual([]);
});

test('a collector keeps no more than it is told to', async () => {
  const collector = spanCollector(2);
  const telemetry = await startTelemetry({ serviceName: 'shop', collector });
  await chargeTwice();
  await telemetry.stop();
  expect(collector.take()).toHaveLength(2);
});

test('with the variables of an OTLP address, traces and metrics are sent there', async () => {
  const paths = new Set<string>();
  const server = createServer((request, response) => {
    paths.add(request.url!);
    request.resume().on('end', () => response.end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const [name, value] of Object.entries(otlpEnvironment(url))) vi.stubEnv(name, value);
  expect(isTelemetryConfigured(process.env)).toBe(true);

  const telemetry = await startTelemetry({ serviceName: 'shop' });
  await chargeTwice();
  await telemetry.stop();
  server.close();
  server.closeAllConnections();
  expect([...paths].sort()).toEqual(['/v1/metrics', '/v1/traces']);
});

test('an address where nobody listens does not make the program fail', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  const env = { ...otlpEnvironment(`http://127.0.0.1:${port}`), OTEL_EXPORTER_OTLP_TIMEOUT: '200' };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const telemetry = await startTelemetry({ serviceName: 'shop' });
  await chargeTwice();
  await expect(telemetry.stop()).resolves.toBeUndefined();
});

test.each([
  [{}, false],
  [{ OTEL_SERVICE_NAME: 'shop' }, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, true],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/v1/traces' }, true],
  [{ OTEL_TRACES_EXPORTER: 'console' }, true],
])('the environment %j configures telemetry: %s', (env, answer) => {
  expect(isTelemetryConfigured(env)).toBe(answer);
});
