import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { decode, type ExportRequest } from './decode.ts';
import { type ReceivedMetric, readMetrics } from './read-metrics.ts';
import { type ReceivedSpan, readSpans } from './read-spans.ts';

/** Takes what exporters send, as a collector would. */
export interface Receiver {
  readonly url: string;
  /** Bodies of all requests, as they came. */
  readonly bodies: readonly Buffer[];
  spans(): ReceivedSpan[];
  /** The latest state of each metric. */
  metrics(): Map<string, ReceivedMetric>;
  /** Each state of one metric. */
  history(name: string): ReceivedMetric[];
  stop(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const bodies: Buffer[] = [];
  const requests: ExportRequest[] = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    bodies.push(body);
    requests.push(decode(request.url!, body));
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    spans: () => readSpans(requests),
    metrics: () => readMetrics(requests),
    history: (name) => requests.flatMap((request) => readMetrics([request]).get(name) ?? []),
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
