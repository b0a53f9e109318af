import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { HttpHarness, IdempotentHttpService } from '@twiceproof/testing/http';

/** Serves a fetch handler on node:http. */
export function serveFetch(
  fetch: (request: Request) => Response | Promise<Response>,
): Promise<HttpHarness> {
  return listen(createAdaptorServer({ fetch, overrideGlobalObjects: false }) as Server);
}

/** Listens on a free port of the loopback address. */
export async function listen(server: Server): Promise<HttpHarness> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The service as a fetch handler. */
export function fetchHandler(service: IdempotentHttpService) {
  return async (request: Request): Promise<Response> => {
    const { status, headers, body } = await service.handle({
      method: request.method,
      path: new URL(request.url).pathname,
      header: (name) => request.headers.get(name) ?? undefined,
      body: new Uint8Array(await request.arrayBuffer()),
    });
    const list = new Headers();
    for (const [name, value] of Object.entries(headers)) {
      for (const each of [value].flat()) list.append(name, each);
    }
    const hasBody = !(body instanceof Uint8Array) || body.byteLength > 0;
    return new Response(
      hasBody ? (body instanceof Uint8Array ? Buffer.from(body) : ReadableStream.from(body)) : null,
      { status, headers: list },
    );
  };
}
