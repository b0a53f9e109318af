import type { ServerResponse } from 'node:http';
import { setGivenHeaders } from './head.ts';

type Callback = (error?: Error | null) => void;

/** Who decides what becomes of what a handler does to its response. */
export interface Taker {
  /** Held: nothing leaves. Passing: the head has left. Given back: as if it had never been taken.
   * Dropping: another response has left in its place. */
  readonly state: 'held' | 'passing' | 'given back' | 'dropping';
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

const taken = [
  'setHeader',
  'appendHeader',
  'removeHeader',
  'writeHead',
  'flushHeaders',
  'write',
  'end',
  'destroy',
  'emit',
] as const;

/** The methods as they were before, also those of middleware that came first. */
export type Original = Pick<ServerResponse, (typeof taken)[number]>;

/** Puts `taker` between a response and whoever writes it from now on. Answers the way past it. */
export function takeOver(res: ServerResponse, taker: Taker): Original {
  const original = Object.fromEntries(
    taken.map((name) => [name, res[name]]),
  ) as unknown as Original;
  const isHeld = (): boolean => taker.state === 'held';
  const isDropping = (): boolean => taker.state === 'dropping';
  const isCollecting = (): boolean => isHeld() || taker.state === 'passing';

  const guarded = (name: 'setHeader' | 'appendHeader' | 'removeHeader') => {
    const method = original[name] as (...args: unknown[]) => unknown;
    return (...args: unknown[]): unknown => {
      // A handler that was given up may go on: it must not fail for that.
      if (isDropping()) return res;
      if (isHeld() && taker.hasBegun) throw alreadySent();
      return method.apply(res, args);
    };
  };

  Object.assign(res, {
    setHeader: guarded('setHeader'),
    appendHeader: guarded('appendHeader'),
    removeHeader: guarded('removeHeader'),
    writeHead(status: number, ...rest: unknown[]) {
      if (isDropping() || (isHeld() && taker.hasBegun)) return res;
      if (!isHeld()) return Reflect.apply(original.writeHead, res, [status, ...rest]);
      res.statusCode = status;
      if (typeof rest[0] === 'string') res.statusMessage = rest[0];
      setGivenHeaders(res, typeof rest[0] === 'object' ? rest[0] : rest[1]);
      taker.begin();
      return res;
    },
    flushHeaders() {
      if (isHeld()) taker.passOn();
      else if (!isDropping()) original.flushHeaders.call(res);
    },
    write(chunk: unknown, ...rest: unknown[]) {
      if (taker.state === 'given back') return Reflect.apply(original.write, res, [chunk, ...rest]);
      const done = callbackIn(rest);
      if (done) process.nextTick(done);
      return isDropping() || taker.hasEnded || taker.write(chunk, rest[0]);
    },
    end(...args: unknown[]) {
      if (taker.state === 'given back') return Reflect.apply(original.end, res, args);
      const done = callbackIn(args);
      if (isCollecting() && !taker.hasEnded) taker.end(args[0], args[1], done);
      else if (done) process.nextTick(done);
      return res;
    },
    destroy(error?: Error) {
      if (isCollecting()) taker.destroyed(error);
      return original.destroy.call(res, error);
    },
    emit(event: string, ...args: unknown[]) {
      if (event !== 'close' || !isCollecting()) return original.emit.call(res, event, ...args);
      taker.closed();
      return true;
    },
  });
  Object.defineProperties(res, {
    headersSent: { configurable: true, get: () => taker.hasBegun },
    writableEnded: { configurable: true, get: () => taker.hasEnded },
  });
  return original;
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
