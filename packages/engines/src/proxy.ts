import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Which requests a fault strikes. */
export interface FaultOptions {
  /** Given each piece of bytes that a client sends; every piece strikes unless told otherwise. */
  readonly when?: (request: Buffer) => boolean;
  /** How often it strikes before the proxy behaves again; 1 unless told otherwise. */
  readonly times?: number;
}

/** A TCP proxy in front of a server, for the faults of a network. */
export interface FaultProxy {
  readonly host: string;
  readonly port: number;
  /** The same URL, through the proxy. */
  through(url: string): string;
  /** Ends the connection instead of forwarding a request: the server never acts. Resolves when it struck. */
  cutBefore(options?: FaultOptions): Promise<void>;
  /** Forwards a request and ends the connection instead of its answer: the server acted. Resolves when it struck. */
  cutAfter(options?: FaultOptions): Promise<void>;
  /** Holds back every answer for so long, from now on; 0 ends it. */
  delay(ms: number): void;
  /** Half-open from now on: connections stand, new ones are accepted, and no byte passes. */
  freeze(): void;
  /** Ends the connections that froze, and every fault that is armed. */
  heal(): void;
  /** Leads new connections to another server. Those that stand stay where they are, as they do when a
   * name points elsewhere after a failover. */
  redirect(target: ProxyTarget): void;
  /** Ends every connection now. */
  disconnect(): void;
  stop(): Promise<void>;
}

interface Fault {
  readonly forward: boolean;
  readonly when: (request: Buffer) => boolean;
  left: number;
  readonly struck: () => void;
}

/** A URL, or a host and a port. */
export type ProxyTarget = string | { readonly host: string; readonly port: number };

/** Starts a proxy on a free port of the loopback address. */
export async function startProxy(options: { readonly target: ProxyTarget }): Promise<FaultProxy> {
  let target = address(options.target);
  const pairs = new Set<readonly [Socket, Socket]>();
  let faults: Fault[] = [];
  let frozen = false;
  let delayMs = 0;

  /** Holds answers back, and keeps their order when they are no longer held back: no network changes it. */
  const inOrder = (write: (answer: Buffer) => unknown) => {
    const held: { readonly answer: Buffer; readonly due: number }[] = [];
    const release = () => {
      const now = performance.now();
      while (held[0] && held[0].due <= now) write(held.shift()!.answer);
      if (held[0]) setTimeout(release, held[0].due - now);
    };
    return (answer: Buffer) => {
      if (delayMs === 0 && held.length === 0) return void write(answer);
      held.push({ answer, due: performance.now() + delayMs });
      if (held.length === 1) setTimeout(release, delayMs);
    };
  };

  const server = createServer((client) => {
    const upstream = connect(target);
    const pair = [client, upstream] as const;
    const deliver = inOrder((answer) => client.write(answer));
    pairs.add(pair);
    let dropAnswer: Fault | undefined;
    const cut = () => {
      pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on('error', cut);
      socket.on('close', cut);
    }
    client.on('data', (request) => {
      if (frozen) return;
      const fault = faults.find(({ when }) => when(request));
      if (fault) {
        if (--fault.left === 0) faults = faults.filter((each) => each !== fault);
        if (!fault.forward) {
          cut();
          if (fault.left === 0) fault.struck();
          return;
        }
        dropAnswer = fault;
      }
      upstream.write(request);
    });
    upstream.on('data', (answer) => {
      if (frozen) return;
      if (dropAnswer) {
        cut();
        if (dropAnswer.left === 0) dropAnswer.struck();
      } else deliver(answer);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  const { port } = server.address() as AddressInfo;
  const host = '127.0.0.1';

  const arm = (forward: boolean, { when = () => true, times = 1 }: FaultOptions) =>
    new Promise<void>((struck) => {
      faults.push({ forward, when, left: times, struck });
    });
  const disconnect = () => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };
  return {
    host,
    port,
    through(url) {
      const through = new URL(url);
      through.host = `${host}:${port}`;
      return through.href;
    },
    cutBefore: (fault = {}) => arm(false, fault),
    cutAfter: (fault = {}) => arm(true, fault),
    delay(ms) {
      delayMs = ms;
    },
    freeze() {
      frozen = true;
    },
    heal() {
      faults = [];
      delayMs = 0;
      // Bytes that were swallowed are gone: what froze cannot go on.
      if (frozen) disconnect();
      frozen = false;
    },
    redirect(to) {
      target = address(to);
    },
    disconnect,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      disconnect();
      await closed;
    },
  };
}

function address(target: ProxyTarget) {
  if (typeof target !== 'string') return { host: target.host, port: target.port };
  const { hostname, port, protocol } = new URL(target);
  const usual = { 'redis:': 6379, 'postgres:': 5432, 'postgresql:': 5432, 'http:': 80 }[protocol];
  return { host: hostname, port: Number(port || usual) };
}
