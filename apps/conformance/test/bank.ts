import { EventEmitter, once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the bank does once it has taken the money. */
export type Manner = 'silent' | 'resetting' | 'late' | 'polite';

/** A server on which every charge has one effect per idempotency key, whatever its answer is. */
export interface Bank {
  readonly url: string;
  manner: Manner;
  /** Effects, by idempotency key. */
  readonly charges: ReadonlyMap<string, string>;
  /** Requests for charges. */
  readonly requests: number;
  /** Resolves when the money of this key was taken. */
  taken(key: string): Promise<void>;
  close(): Promise<void>;
}

const lateMs = 500;

export async function openBank(): Promise<Bank> {
  const charges = new Map<string, string>();
  const taking = new EventEmitter();
  let requests = 0;
  let manner: Manner = 'polite';
  const server: Server = createServer((request, response) => {
    const key = String(request.headers['idempotency-key']);
    if (request.method === 'GET') {
      const charge = charges.get(key);
      response.writeHead(charge === undefined ? 404 : 200).end(charge);
      return;
    }
    requests += 1;
    const charge = charges.get(key) ?? `charge-${charges.size + 1}`;
    charges.set(key, charge);
    taking.emit(key);
    if (manner === 'polite') response.end(charge);
    else if (manner === 'resetting') request.socket.resetAndDestroy();
    else if (manner === 'late') setTimeout(() => response.end(charge), lateMs).unref();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/charges`,
    charges,
    get requests() {
      return requests;
    },
    get manner() {
      return manner;
    },
    set manner(next) {
      manner = next;
    },
    async taken(key) {
      if (!charges.has(key)) await once(taking, key);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
