import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { registerTool } from '@twiceproof/agents/mcp';
import { createIdempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { z } from 'zod';

const idempotency = createIdempotency({ environment: 'example', store: memoryStore() });

/** What moves the money. */
export type Refund = (orderId: string, amount: number) => Promise<string>;

function refundServer(refund: Refund): McpServer {
  const server = new McpServer({ name: 'shop', version: '1.0.0' });
  registerTool(
    server,
    idempotency,
    'refund',
    {
      description: 'Refund an order',
      inputSchema: { orderId: z.string(), amount: z.number(), reason: z.string() },
      idempotency: {
        // The reason is worded anew each time; what is refunded is not.
        key: ['orderId', 'amount'],
        scope: (_input, { requestInfo }) => String(requestInfo?.headers['x-user'] ?? 'nobody'),
      },
    },
    async ({ orderId, amount }) => ({
      content: [{ type: 'text', text: await refund(orderId, amount) }],
    }),
  );
  return server;
}

/** Serves the tool over HTTP on the loopback address. */
export async function serve(refund: Refund): Promise<{ url: URL; close(): Promise<void> }> {
  const http = createServer(async (request, response) => {
    // Without sessions each request has a server of its own; what is done is known by its record.
    const transport = new StreamableHTTPServerTransport();
    const server = refundServer(refund);
    response.once('close', () => server.close());
    await server.connect(transport as Parameters<McpServer['connect']>[0]);
    await transport.handleRequest(request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/mcp`),
    close: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      await idempotency.close();
    },
  };
}
