import { once } from 'node:events';
import { Agent, type IncomingMessage, request as requestHttp } from 'node:http';
import { connect } from 'node:net';

/** A request of the suite. */
export interface Sent {
  readonly method: string;
  readonly url: URL;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Uint8Array | undefined;
  /** The body in pieces, each in a packet of its own. */
  readonly pieces?: readonly Uint8Array[] | undefined;
  readonly agent?: Agent | undefined;
}

/** A whole answer. */
export interface Answered {
  readonly status: number;
  readonly body: Buffer;
  /** All values of a header, joined; undefined if there is none. */
  header(name: string): string | undefined;
  json(): Record<string, unknown>;
}

/** Sends a request over a connection of its own, or the agent's. */
export async function send(sent: Sent): Promise<Answered> {
  const message = await begin(sent).response;
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  return {
    status: message.statusCode ?? 0,
    body,
    header: (name) => message.headersDistinct[name]?.join(', '),
    json: () => JSON.parse(body.toString()),
  };
}

/** A request under way, whose client may hang up. */
export interface Begun {
  readonly response: Promise<IncomingMessage>;
  hangUp(): void;
}

export function begin({ method, url, headers, body, pieces, agent }: Sent): Begun {
  const outgoing = requestHttp(url, {
    method,
    agent: agent ?? new Agent({ keepAlive: false }),
    headers: [['Host', url.host] as const, ...headers].flat(),
  });
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve).once('error', reject);
  });
  // Whoever hangs up does not wait for it.
  response.catch(() => {});
  if (pieces) void write(outgoing, pieces);
  else outgoing.end(body);
  return { response, hangUp: () => void outgoing.destroy() };
}

async function write(
  outgoing: ReturnType<typeof requestHttp>,
  pieces: readonly Uint8Array[],
): Promise<void> {
  outgoing.setNoDelay(true);
  for (const piece of pieces) {
    await new Promise<void>((resolve) => outgoing.write(piece, () => resolve()));
    await new Promise(setImmediate);
  }
  outgoing.end();
}

/** Sends bytes as they are and answers what came back until the server closed, or `until` was there. */
export async function sendRaw(
  { hostname, port }: URL,
  text: string | Uint8Array,
  until: (received: string) => boolean = () => false,
): Promise<string> {
  const socket = connect(Number(port), hostname.replace(/^\[|\]$/g, ''));
  let received = '';
  const done = new Promise<void>((resolve) => {
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      if (until(received)) resolve();
    });
    // A server that refuses may close while something is still being sent to it.
    socket.on('error', () => resolve());
    socket.on('close', () => resolve());
  });
  await once(socket, 'connect');
  socket.write(text);
  await done;
  socket.destroy();
  return received;
}
