import type { ServerResponse } from 'node:http';
import { setGivenHeaders } from './head.ts';

type Callback = (error?: Error | null) => void;

/** Who decides what becomes of what a handler does to its response. */
export interface Taker {
  /** Held: nothing leaves. Passing: the head has left. Given back: as if it had never been taken.
   * Replaced: another response has left in its place, and this one is only recorded. */
  readonly state: 'held' | 'passing' | 'given back' | 'replaced';
  /** Where headers are kept: the response, unless it is no longer the handler's. */
  readonly headers: ServerResponse;
  /** Whether the handler has sent its status and headers, as far as it knows. */
  readonly hasBegun: boolean;
  readonly hasEnded: boolean;
  begin(): void;
  passOn(): void;
  /** Answers whether there is room for more. */
  write(chunk: unknown, encoding: unknown): boolean;
  end(chunk: unknown, encoding: unknown, done: Callback | undefined): void;
  destroyed(error: Error | undefined): void;
  /** The connection has closed; the handler is not told. */
  closed(): void;
}

type OfHeaders =
  | 'setHeader'
  | 'appendHeader'
  | 'removeHeader'
  | 'getHeader'
  | 'getHeaders'
  | 'getHeaderNames'
  | 'hasHeader';
type Taken = OfHeaders | 'writeHead' | 'flushHeaders' | 'write' | 'end' | 'destroy' | 'emit';

/** The methods as they were before, also those of middleware that came first. */
export type Original = Pick<ServerResponse, Taken>;

const changing: readonly OfHeaders[] = ['setHeader', 'appendHeader', 'removeHeader'];
const reading: readonly OfHeaders[] = ['getHeader', 'getHeaders', 'getHeaderNames', 'hasHeader'];
const writing: readonly Taken[] = ['writeHead', 'flushHeaders', 'write', 'end', 'destroy', 'emit'];

/** Puts `taker` between a response and whoever writes it from now on. Answers the way past it. */
export function takeOver(res: ServerResponse, taker: Taker): Original {
  const original = Object.fromEntries(
    [...changing, ...reading, ...writing].map((name) => [name, res[name]]),
  ) as unknown as Original;
  const isHeld = (): boolean => taker.state === 'held';
  const isGivenBack = (): boolean => taker.state === 'given back';

  for (const name of [...changing, ...reading]) {
    const method = original[name] as (...args: unknown[]) => unknown;
    const takeOver = (...args: unknown[]): unknown => {
      if (taker.state === 'replaced') {
        return Reflect.apply(taker.headers[name] as typeof method, taker.headers, args);
      }
      if (isHeld() && taker.hasBegun && changing.includes(name)) throw alreadySent();
      return method.apply(res, args);
    };
    Object.assign(res, { [name]: takeOver });
  }
  Object.assign(res, {
    writeHead(status: number, ...rest: unknown[]) {
      if (isGivenBack() || taker.state === 'passing') {
        return Reflect.apply(original.writeHead, res, [status, ...rest]);
      }
      if (taker.hasBegun) return res;
      res.statusCode = status;
      if (typeof rest[0] === 'string') res.statusMessage = rest[0];
      setGivenHeaders(res, typeof rest[0] === 'object' ? rest[0] : rest[1]);
      taker.begin();
      return res;
    },
    flushHeaders() {
      if (isGivenBack()) original.flushHeaders.call(res);
      else taker.passOn();
    },
    write(chunk: unknown, ...rest: unknown[]) {
      if (isGivenBack()) return Reflect.apply(original.write, res, [chunk, ...rest]);
      const done = callbackIn(rest);
      if (done) process.nextTick(done);
      return taker.hasEnded || taker.write(chunk, rest[0]);
    },
    end(...args: unknown[]) {
      if (isGivenBack()) return Reflect.apply(original.end, res, args);
      const done = callbackIn(args);
      if (!taker.hasEnded) taker.end(args[0], args[1], done);
      else if (done) process.nextTick(done);
      return res;
    },
    destroy(error?: Error) {
      if (!isGivenBack()) taker.destroyed(error);
      return original.destroy.call(res, error);
    },
    emit(event: string, ...args: unknown[]) {
      if (event !== 'close' || isGivenBack()) return original.emit.call(res, event, ...args);
      taker.closed();
      return true;
    },
  });
  pretend(res, taker);
  return original;
}

/** Lets the response tell how far its handler is, not how much of it has left. */
export function pretend(res: ServerResponse, taker: Taker): void {
  Object.defineProperties(res, {
    headersSent: { configurable: true, get: () => taker.hasBegun },
    writableEnded: { configurable: true, get: () => taker.hasEnded },
  });
}

/** Lets the response itself tell again how far it is. */
export function stopPretending(res: ServerResponse): void {
  Reflect.deleteProperty(res, 'headersSent');
  Reflect.deleteProperty(res, 'writableEnded');
}

function callbackIn(args: readonly unknown[]): Callback | undefined {
  return args.find((each): each is Callback => typeof each === 'function');
}

function alreadySent(): Error {
  const error = new Error('Cannot set headers after they are sent to the client');
  return Object.assign(error, { code: 'ERR_HTTP_HEADERS_SENT' });
}
