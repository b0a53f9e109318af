import { type IncomingHttpHeaders, request } from 'node:http';
import type { RunningConsole } from '../src/console/console-options.ts';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for
  readonly body: any;
}

export interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request as it is written down here: `fetch` would correct its headers. */
export function send({ address }: RunningConsole, asked: Asked): Promise<Reply> {
  const { method = 'GET', path, headers = {}, body } = asked;
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, address), { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = response.headers['content-type']?.startsWith('application/json');
        const body = isJson ? JSON.parse(text) : undefined;
        resolve({ status: response.statusCode!, headers: response.headers, text, body });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** A browser that is signed in. */
export interface ConsoleClient {
  readonly cookie: string;
  readonly csrf: string;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  post(path: string, body: object, headers?: Readonly<Record<string, string>>): Promise<Reply>;
}

export function tokenOf(link: string): string {
  return new URLSearchParams(new URL(link).hash.slice(1)).get('token')!;
}

export async function signIn(running: RunningConsole, by?: string): Promise<ConsoleClient> {
  const { address } = running;
  const own = { origin: address, 'content-type': 'application/json' };
  const opened = await send(running, {
    method: 'POST',
    path: '/api/session',
    headers: own,
    body: JSON.stringify({ token: tokenOf(running.link({ by })) }),
  });
  const [cookie = ''] = String(opened.headers['set-cookie']).split(';');
  const { csrf } = opened.body;
  const signed = { cookie, 'x-twiceproof-csrf': csrf };
  return {
    cookie,
    csrf,
    get: (path, headers) => send(running, { path, headers: { ...signed, ...headers } }),
    post: (path, body, headers) =>
      send(running, {
        method: 'POST',
        path,
        headers: { ...own, ...signed, ...headers },
        body: JSON.stringify(body),
      }),
  };
}
