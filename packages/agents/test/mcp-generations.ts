import {
  Client as Client2,
  StreamableHTTPClientTransport as HttpClient2,
} from '@modelcontextprotocol/client';
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as HttpClient1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { InMemoryTransport as Memory1 } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer as Server1 } from '@modelcontextprotocol/sdk/server/mcp.js';
import { WebStandardStreamableHTTPServerTransport as HttpServer1 } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import {
  createMcpHandler,
  InMemoryTransport as Memory2,
  McpServer as Server2,
} from '@modelcontextprotocol/server';
import type { ToolExtra } from '../src/mcp/index.ts';
import { serve } from './http-server.ts';

export type AnyExtra = ToolExtra<Server1> & ToolExtra<Server2>;

/** What a tool answers to its client. */
interface Answer {
  readonly content: readonly { readonly type: string; readonly text: string }[];
  readonly isError?: boolean;
  readonly structuredContent?: unknown;
  readonly _meta?: Record<string, unknown>;
}

/** A client of a server; both are real. */
export interface Connection {
  call(input: unknown, meta?: Record<string, unknown>): Promise<Answer>;
  /** The tool as clients see it. */
  tool(): Promise<{ readonly annotations?: unknown; readonly inputSchema: unknown }>;
  close(): Promise<void>;
}

/** One generation of the SDK. */
export interface Generation {
  readonly name: string;
  /** Client and server over HTTP on loopback, as one user. */
  overHttp(register: (server: Server1) => void, user?: string): Promise<Connection>;
  /** Client and server in one process, as over stdio. */
  inProcess(register: (server: Server1) => void): Promise<Connection>;
  /** The user that a call comes from. */
  userOf(extra: AnyExtra): string;
}

const info = { name: 'test', version: '1.0.0' };

function authInfo(request: Request): { token: string; clientId: string; scopes: string[] } {
  const clientId = request.headers.get('authorization')?.replace('Bearer ', '') ?? 'nobody';
  return { token: clientId, clientId, scopes: [] };
}

function connection(client: Client1 | Client2, close: () => Promise<void>): Connection {
  const own = client as Client1;
  return {
    call: async (input, _meta) => {
      const params = { name: 'refund', arguments: input as Record<string, unknown> };
      return (await own.callTool({ ...params, ...(_meta && { _meta }) })) as unknown as Answer;
    },
    tool: async () => (await own.listTools()).tools[0]!,
    close: async () => {
      await own.close();
      await close();
    },
  };
}

export const generations: readonly Generation[] = [
  {
    name: '@modelcontextprotocol/sdk 1.x',
    overHttp: async (register, user = 'alice') => {
      const server = await serve(async (request) => {
        const mcp = new Server1(info);
        register(mcp);
        const transport = new HttpServer1();
        await mcp.connect(transport);
        return transport.handleRequest(request, { authInfo: authInfo(request) });
      });
      const client = new Client1(info);
      const requestInit = { headers: { authorization: `Bearer ${user}` } };
      await client.connect(new HttpClient1(server.url, { requestInit }) as never);
      return connection(client, server.close);
    },
    inProcess: async (register) => {
      const mcp = new Server1(info);
      register(mcp);
      const [own, other] = Memory1.createLinkedPair();
      await mcp.connect(own);
      const client = new Client1(info);
      await client.connect(other);
      return connection(client, () => mcp.close());
    },
    userOf: (extra) => extra.authInfo!.clientId,
  },
  {
    name: '@modelcontextprotocol/server 2.x',
    overHttp: async (register, user = 'alice') => {
      const handler = createMcpHandler(() => {
        const mcp = new Server2(info);
        register(mcp as never);
        return mcp;
      });
      const server = await serve((request) =>
        handler.fetch(request, { authInfo: authInfo(request) }),
      );
      const client = new Client2(info);
      const requestInit = { headers: { authorization: `Bearer ${user}` } };
      await client.connect(new HttpClient2(server.url, { requestInit }));
      return connection(client, async () => {
        await handler.close();
        await server.close();
      });
    },
    inProcess: async (register) => {
      const mcp = new Server2(info);
      register(mcp as never);
      const [own, other] = Memory2.createLinkedPair();
      await mcp.connect(own);
      const client = new Client2(info);
      await client.connect(other as never);
      return connection(client, () => mcp.close());
    },
    userOf: (extra) => extra.http!.authInfo!.clientId,
  },
];
