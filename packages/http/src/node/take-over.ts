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
type Method = OfHeaders | 'writeHead' | 'flushHeaders' | 'write' | 'end' | 'destroy' | 'emit';

/** The methods as they were before, also those of middleware that came first. */
export type Original = Pick<ServerResponse, Method>;

/** Who has taken a response, and the way past it. */
interface Taken {
  readonly taker: Taker;
  readonly original: Original;
}

const takenBy: unique symbol = Symbol('who has taken the response');
type TakenResponse = ServerResponse & { [takenBy]?: Taken };

/** Puts `taker` between a response and whoever writes it from now on. Answers the way past it. */
export function takeOver(res: TakenResponse, taker: Taker): Original {
  const taken: Taken = { taker, original: methodsOf(res) };
  if (takenBy in res) {
    // One layer within another: each has its own.
    place(
      res,
      takingOf(() => taken, progressOf(res)),
    );
  } else {
    res[takenBy] = taken;
    place(res, ofTheFirst);
  }
  return taken.original;
}

function methodsOf(res: ServerResponse): Original {
  return {
    setHeader: res.setHeader,
    appendHeader: res.appendHeader,
    removeHeader: res.removeHeader,
    getHeader: res.getHeader,
    getHeaders: res.getHeaders,
    getHeaderNames: res.getHeaderNames,
    hasHeader: res.hasHeader,
    writeHead: res.writeHead,
    flushHeaders: res.flushHeaders,
    write: res.write,
    end: res.end,
    destroy: res.destroy,
    emit: res.emit,
  };
}

/**
 * As properties of the response itself: frameworks change its prototype on the way. One by one and the
 * same for every response, so that all of them keep one shape, and stay as fast as they were.
 */
function place(res: ServerResponse, { methods, progress }: Taking): void {
  res.setHeader = methods.setHeader;
  res.appendHeader = methods.appendHeader;
  res.removeHeader = methods.removeHeader;
  res.getHeader = methods.getHeader;
  res.getHeaders = methods.getHeaders;
  res.getHeaderNames = methods.getHeaderNames;
  res.hasHeader = methods.hasHeader;
  res.writeHead = methods.writeHead;
  res.flushHeaders = methods.flushHeaders;
  res.write = methods.write;
  res.end = methods.end;
  res.destroy = methods.destroy;
  res.emit = methods.emit;
  Object.defineProperty(res, 'headersSent', progress.headersSent);
  Object.defineProperty(res, 'writableEnded', progress.writableEnded);
}

/** How far a response is, as it tells. */
type Progress = (this: ServerResponse) => unknown;
type OfProgress = 'headersSent' | 'writableEnded';

interface Taking {
  readonly methods: Original & ThisType<TakenResponse>;
  readonly progress: Readonly<Record<OfProgress, PropertyDescriptor>>;
}

const ofTheFirst = takingOf((res) => res[takenBy]!, {
  headersSent: ownProgress('headersSent'),
  writableEnded: ownProgress('writableEnded'),
});

function ownProgress(name: OfProgress): Progress {
  return function (this: ServerResponse) {
    return Reflect.get(Object.getPrototypeOf(this), name, this);
  };
}

/** What the response of a layer further out tells. */
function progressOf(res: ServerResponse): Readonly<Record<OfProgress, Progress>> {
  const getterOf = (name: OfProgress): Progress =>
    Object.getOwnPropertyDescriptor(res, name)?.get ?? ownProgress(name);
  return { headersSent: getterOf('headersSent'), writableEnded: getterOf('writableEnded') };
}

function takingOf(
  takenOf: (res: TakenResponse) => Taken,
  beneath: Readonly<Record<OfProgress, Progress>>,
): Taking {
  return {
    methods: {
      setHeader: ofHeaders(takenOf, 'setHeader', true),
      appendHeader: ofHeaders(takenOf, 'appendHeader', true),
      removeHeader: ofHeaders(takenOf, 'removeHeader', true),
      getHeader: ofHeaders(takenOf, 'getHeader', false),
      getHeaders: ofHeaders(takenOf, 'getHeaders', false),
      getHeaderNames: ofHeaders(takenOf, 'getHeaderNames', false),
      hasHeader: ofHeaders(takenOf, 'hasHeader', false),
      writeHead(status: number, ...rest: unknown[]) {
        const { taker, original } = takenOf(this);
        if (isGivenBack(taker) || taker.state === 'passing') {
          return Reflect.apply(original.writeHead, this, [status, ...rest]);
        }
        if (taker.hasBegun) return this;
        this.statusCode = status;
        if (typeof rest[0] === 'string') this.statusMessage = rest[0];
        setGivenHeaders(this, typeof rest[0] === 'object' ? rest[0] : rest[1]);
        taker.begin();
        return this;
      },
      flushHeaders() {
        const { taker, original } = takenOf(this);
        if (isGivenBack(taker)) original.flushHeaders.call(this);
        else taker.passOn();
      },
      write(chunk: unknown, ...rest: unknown[]) {
        const { taker, original } = takenOf(this);
        if (isGivenBack(taker)) return Reflect.apply(original.write, this, [chunk, ...rest]);
        const done = callbackIn(rest);
        if (done) process.nextTick(done);
        return taker.hasEnded || taker.write(chunk, rest[0]);
      },
      end(...args: unknown[]) {
        const { taker, original } = takenOf(this);
        if (isGivenBack(taker)) return Reflect.apply(original.end, this, args);
        const done = callbackIn(args);
        if (!taker.hasEnded) taker.end(args[0], args[1], done);
        else if (done) process.nextTick(done);
        return this;
      },
      destroy(error?: Error) {
        const { taker, original } = takenOf(this);
        if (!isGivenBack(taker)) taker.destroyed(error);
        return original.destroy.call(this, error);
      },
      emit(event: string, ...args: unknown[]) {
        const { taker, original } = takenOf(this);
        if (event !== 'close' || isGivenBack(taker)) {
          return original.emit.call(this, event, ...args);
        }
        taker.closed();
        return true;
      },
    },
    progress: {
      headersSent: getter(function (this: ServerResponse) {
        const { taker } = takenOf(this);
        return isGivenBack(taker) ? beneath.headersSent.call(this) : taker.hasBegun;
      }),
      writableEnded: getter(function (this: ServerResponse) {
        const { taker } = takenOf(this);
        return isGivenBack(taker) ? beneath.writableEnded.call(this) : taker.hasEnded;
      }),
    },
  };
}

function isGivenBack({ state }: Taker): boolean {
  return state === 'given back';
}

function getter(get: Progress): PropertyDescriptor {
  return { configurable: true, get };
}

function ofHeaders<Name extends OfHeaders>(
  takenOf: (res: TakenResponse) => Taken,
  name: Name,
  isChange: boolean,
): Original[Name] {
  return function (this: ServerResponse, first: string, second: string) {
    const { taker, original } = takenOf(this);
    const { state } = taker;
    if (state === 'replaced') {
      return (taker.headers[name] as OfTwo).call(taker.headers, first, second);
    }
    if (isChange && state === 'held' && taker.hasBegun) throw alreadySent();
    return (original[name] as OfTwo).call(this, first, second);
  } as Original[Name];
}

type OfTwo = (first: string, second: string) => unknown;

function callbackIn(args: readonly unknown[]): Callback | undefined {
  return args.find((each): each is Callback => typeof each === 'function');
}

function alreadySent(): Error {
  const error = new Error('Cannot set headers after they are sent to the client');
  return Object.assign(error, { code: 'ERR_HTTP_HEADERS_SENT' });
}
