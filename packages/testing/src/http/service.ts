import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

/** A request as the service that the suite talks to gets it, whatever the server. */
export interface ServiceRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  header(name: string): string | undefined;
  /** As it was sent. */
  readonly body: Uint8Array;
}

/** What the server under test has to answer. */
export interface ServiceResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array | AsyncIterable<Uint8Array>;
}

/** The service that a server under test offers, behind its idempotency layer. */
export interface IdempotentHttpService {
  /** Answers a request. Throws where the suite wants to see what becomes of an error. */
  handle(request: ServiceRequest): Promise<ServiceResponse>;
}

interface Effect {
  runs: number;
  readonly watchers: Set<() => void>;
  readonly held: Set<() => void>;
  /** Nothing of it waits any more, nor will. */
  isReleased: boolean;
}

/**
 * What the server under test runs. Every path answers alike; the headers of the request say how:
 *
 * - `x-effect` names a counter that every run raises; `GET /effects/<name>?runs=<n>` answers it, as soon
 *   as it is at least `n`
 * - `x-scenario` says what to answer (see the scenarios below); `hold` and `hold-then-throw` wait for
 *   `GET /release/<name>`
 *
 * Several servers may share one service.
 */
export function idempotentHttpService(): IdempotentHttpService {
  const effects = new Map<string, Effect>();
  const effectOf = (name: string): Effect => {
    const known = effects.get(name) ?? {
      runs: 0,
      watchers: new Set(),
      held: new Set(),
      isReleased: false,
    };
    effects.set(name, known);
    return known;
  };
  return {
    async handle(request) {
      const [, room, name = ''] = request.path.split('/');
      if (request.method === 'GET' && room === 'effects') {
        const effect = effectOf(name);
        const atLeast = Number(request.header('x-at-least') ?? 0);
        while (effect.runs < atLeast)
          await new Promise<void>((resolve) => effect.watchers.add(resolve));
        return json(200, { runs: effect.runs });
      }
      if (request.method === 'GET' && room === 'release') {
        const effect = effectOf(name);
        effect.isReleased = true;
        for (const release of effect.held) release();
        return json(200, {});
      }
      const effect = effectOf(request.header('x-effect') ?? 'none');
      effect.runs += 1;
      const { runs } = effect;
      for (const wake of effect.watchers) wake();
      return scenario(request, runs, async () => {
        if (!effect.isReleased) await new Promise<void>((resolve) => effect.held.add(resolve));
      });
    },
  };
}

async function scenario(
  request: ServiceRequest,
  run: number,
  hold: () => Promise<void>,
): Promise<ServiceResponse> {
  const [name, argument = ''] = (request.header('x-scenario') ?? 'charge').split(':');
  const { body } = request;
  const seen = {
    run,
    bytes: body.byteLength,
    sha256: createHash('sha256').update(body).digest('hex'),
  };
  const some = Buffer.from(`run ${run}`);
  switch (name) {
    case 'charge':
      return {
        status: 201,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          location: `/charges/${run}`,
          etag: `"charge-${run}"`,
          'set-cookie': ['session=secret', 'theme=dark'],
          'x-internal': 'not for replays',
        },
        body: Buffer.from(JSON.stringify(seen)),
      };
    case 'status':
      return json(Number(argument), seen);
    case 'empty':
      return { status: Number(argument), headers: {}, body: new Uint8Array() };
    case 'redirect':
      return { status: 303, headers: { location: `/charges/${run}` }, body: new Uint8Array() };
    case 'binary':
      return {
        status: 200,
        headers: { 'content-type': 'application/octet-stream' },
        body: Uint8Array.from({ length: 1_024 }, (_, index) => (index * run) % 256),
      };
    case 'gzip':
      return {
        status: 200,
        headers: { 'content-type': 'text/plain', 'content-encoding': 'gzip' },
        body: gzipSync(some),
      };
    case 'type':
      return { status: 200, headers: { 'content-type': argument }, body: some };
    case 'large':
      return {
        status: 200,
        headers: { 'content-type': 'text/plain' },
        body: Buffer.alloc(Number(argument), `${run}`),
      };
    case 'stream':
      return {
        status: 200,
        headers: { 'content-type': 'text/plain' },
        body: pieces(Number(argument), run),
      };
    case 'events':
      return {
        status: 200,
        headers: { 'content-type': 'text/event-stream' },
        body: events(run, hold),
      };
    case 'hold':
      await hold();
      return json(201, seen);
    case 'hold-then-throw':
      await hold();
      throw new Error('the handler failed');
    case 'throw':
      throw new Error('the handler failed');
    default:
      return json(400, { unknown: name });
  }
}

/** 1,000 bytes at a time, each in a turn of its own. */
async function* pieces(count: number, run: number): AsyncIterable<Uint8Array> {
  for (let piece = 0; piece < count; piece += 1) {
    await new Promise(setImmediate);
    yield Buffer.alloc(1_000, `${run}${piece}`);
  }
}

async function* events(run: number, hold: () => Promise<void>): AsyncIterable<Uint8Array> {
  yield Buffer.from(`data: first of ${run}\n\n`);
  await hold();
  yield Buffer.from('data: last\n\n');
}

function json(status: number, value: unknown): ServiceResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: Buffer.from(JSON.stringify(value)),
  };
}
