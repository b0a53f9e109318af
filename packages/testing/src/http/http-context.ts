import { randomUUID } from 'node:crypto';
import type { Agent } from 'node:http';
import { type Answered, type Begun, begin, type Sent, send } from './client.ts';

/** What a case may say of a request; the rest is the same for all requests of a case. */
export interface CaseRequest {
  readonly method?: string | undefined;
  /** Path and query. `/charges` unless given. */
  readonly path?: string | undefined;
  /** The key header as it is sent; `null` for none. The case's own key unless given. */
  readonly key?: string | null | undefined;
  readonly principal?: string | null | undefined;
  readonly scenario?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** A value that is sent as JSON, or bytes as they are. `{ amount: 10 }` unless given; `null` for none. */
  readonly body?: unknown;
  readonly pieces?: readonly Uint8Array[] | undefined;
  readonly agent?: Agent | undefined;
}

/** One case: its requests share a key, a principal and a counter that no other case has. */
export interface HttpContext {
  readonly url: URL;
  readonly key: string;
  send(request?: CaseRequest): Promise<Answered>;
  begin(request?: CaseRequest): Begun;
  /** A request as it would be sent. */
  prepare(request?: CaseRequest): Sent;
  /** How often the handler has run; waits until it is at least `atLeast`. */
  runs(atLeast?: number): Promise<number>;
  /** Lets the handlers go on that wait. */
  release(): Promise<void>;
}

export function httpContext(base: string): HttpContext {
  const url = new URL(base);
  const key = randomUUID();
  const effect = randomUUID();
  const principal = randomUUID();
  const control = (path: string, headers: Sent['headers'] = []): Promise<Answered> =>
    send({ method: 'GET', url: new URL(path, url), headers });

  const prepare = (request: CaseRequest = {}): Sent => {
    const { method = 'POST', path = '/charges', scenario, headers = {}, pieces, agent } = request;
    const body = request.body === undefined ? { amount: 10 } : request.body;
    const isBytes = body instanceof Uint8Array;
    const bytes = isBytes ? body : Buffer.from(JSON.stringify(body));
    const sentKey = request.key === undefined ? `"${key}"` : request.key;
    const sentPrincipal = request.principal === undefined ? principal : request.principal;
    const hasBody = body !== null && !['GET', 'HEAD', 'OPTIONS'].includes(method);
    const all: [string, string][] = [['x-effect', effect], ...Object.entries(headers)];
    const isGiven = (name: string): boolean => all.some(([each]) => each.toLowerCase() === name);
    if (sentKey !== null) all.push(['Idempotency-Key', sentKey]);
    if (sentPrincipal !== null) all.push(['x-principal', sentPrincipal]);
    if (scenario !== undefined) all.push(['x-scenario', scenario]);
    if (hasBody && !isBytes && !isGiven('content-type')) {
      all.push(['content-type', 'application/json']);
    }
    if (!pieces && !isGiven('content-length') && !isGiven('transfer-encoding')) {
      all.push(['content-length', String(hasBody ? bytes.byteLength : 0)]);
    }
    return {
      method,
      url: new URL(path, url),
      headers: all,
      body: hasBody && !pieces ? bytes : undefined,
      pieces,
      agent,
    };
  };
  return {
    url,
    key,
    prepare,
    send: (request) => send(prepare(request)),
    begin: (request) => begin(prepare(request)),
    async runs(atLeast = 0) {
      const answer = await control(`/effects/${effect}`, [['x-at-least', String(atLeast)]]);
      return answer.json().runs as number;
    },
    async release() {
      await control(`/release/${effect}`);
    },
  };
}
