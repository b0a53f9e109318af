// A shop in a bad week, on real stores, for a Prometheus to scrape. Runs until its input ends; its
// first line of output says where it is scraped. Its argument is how many milliseconds pass between two
// incidents.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { TwiceproofInstrumentation } from '@twiceproof/otel';
import { incidentsOn } from './incidents.ts';
import { ordersOn } from './orders.ts';
import { openStores } from './stores.ts';

const exporter = new PrometheusExporter({ preventServerStart: true });
const sdk = new NodeSDK({
  serviceName: 'shop',
  metricReaders: [exporter],
  spanProcessors: [],
  instrumentations: [new TwiceproofInstrumentation()],
});
sdk.start();
const server = createServer((request, response) => {
  exporter.getMetricsRequestHandler(request, response);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

const stores = await openStores();
const deliver = ordersOn(stores);
const incidents = incidentsOn(stores);
const { port } = server.address() as AddressInfo;
process.stdout.write(`${JSON.stringify({ target: `127.0.0.1:${port}` })}\n`);

let isOver = false;
process.stdin.resume().once('end', () => {
  isOver = true;
});

const calmMs = Number(process.argv[2] ?? 40);
const startedAt = performance.now();
/** Duplicates come in waves, as when a queue is redriven. */
const duplicateShare = (): number => {
  const seconds = (performance.now() - startedAt) / 1_000;
  return 0.45 + 0.3 * Math.sin(seconds / 9);
};

async function consume(): Promise<void> {
  while (!isOver) {
    await deliver({ isDuplicate: Math.random() < duplicateShare() });
    await delay(20 + Math.random() * 60);
  }
}

async function goWrong(): Promise<void> {
  for (let count = 0; !isOver; count++) {
    await incidents[count % incidents.length]!();
    await delay(calmMs);
  }
}

await Promise.all([...Array.from({ length: 6 }, consume), goWrong()]);
await sdk.shutdown();
server.close();
server.closeAllConnections();
await stores.close();
