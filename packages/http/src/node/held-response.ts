import type { ServerResponse } from 'node:http';
import type { Produced } from '../gate/http-call.ts';
import type { HeaderList, PlainResponse } from '../gate/plain-response.ts';
import { textIfAscii } from '../gate/text-if-ascii.ts';
import { wasCutHere, watchSources } from './broken-off.ts';
import { givenUp } from './given-up.ts';
import { type Head, headOf, removeBodyHeaders, setHeaders } from './head.ts';
import { type Original, type Taker, takeOver } from './take-over.ts';

/**
 * A response that is taken over before its handler runs, and leaves only when it is known what became
 * of it. What is written is held, up to `limit` bytes; beyond it, and from `flushHeaders()` or an event
 * stream on, it is passed on as it comes, except for its end. To its handler the response looks as if
 * it had been sent, and as if the client stayed.
 */
export class HeldResponse implements Taker {
  /** Resolves once the handler has ended its response. Never rejects. */
  readonly produced: Promise<Produced>;
  state: Taker['state'] = 'held';
  headers: ServerResponse;
  hasEnded = false;
  readonly #res: ServerResponse;
  readonly #limit: number;
  readonly #early: HeaderList;
  readonly #original: Original;
  readonly #callbacks: (() => void)[] = [];
  readonly #resolve: (produced: Produced) => void;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #head: Head | undefined;
  #isClosed = false;
  #thrown: Produced['thrown'];

  constructor(res: ServerResponse, limit: number, early: HeaderList) {
    this.#res = res;
    this.headers = res;
    this.#limit = limit;
    this.#early = early;
    const { promise, resolve } = Promise.withResolvers<Produced>();
    this.produced = promise;
    this.#resolve = resolve;
    this.#original = takeOver(res, this);
    watchSources(res, (error) => {
      if (this.#head || this.#isClosed) this.destroyed(error);
    });
  }

  get hasBegun(): boolean {
    return this.#head !== undefined;
  }

  /** The framework has caught an error, and what it answers is made of that. */
  threw(error: unknown): void {
    this.#thrown ??= { error };
  }

  /** Sends what was held, with more headers. */
  send(added: HeaderList): void {
    const wasHeld = this.state === 'held';
    const { status, message } = this.#begin();
    this.giveBack();
    if (wasHeld) this.#setHead(status, message, added);
    this.#finish(wasHeld ? this.#whole() : undefined);
  }

  /** Sends something else in its place. What the handler goes on to write is still recorded. */
  sendInstead({ status, headers, body }: PlainResponse): void {
    if (this.state === 'passing') {
      this.cut();
      return;
    }
    const others = this.#detachedHeaders();
    this.giveBack();
    removeBodyHeaders(this.#res);
    this.#setHead(status, '', headers);
    this.#finish(body);
    this.#replaced(others);
  }

  /** Cuts the connection, so that the client sees that it did not get what counts. */
  cut(): void {
    const others = this.#detachedHeaders();
    this.giveBack();
    this.#original.destroy.call(this.#res);
    this.#finish(undefined);
    this.#replaced(others);
  }

  /** Leaves the response to its framework, as if nothing had been written to it. */
  giveBack(): void {
    this.state = 'given back';
  }

  begin(): void {
    this.#begin();
  }

  passOn(): void {
    const { status } = this.#begin();
    if (this.state !== 'held') return;
    this.state = 'passing';
    if (this.#isClosed) return;
    setHeaders(this.#res, this.#early);
    this.#original.writeHead.call(this.#res, status);
    if (this.#chunks.length === 0) this.#original.flushHeaders.call(this.#res);
    else this.#original.write.call(this.#res, this.#whole(), 'utf8');
  }

  write(chunk: unknown, encoding: unknown): boolean {
    this.#begin();
    const isText = typeof chunk === 'string';
    if (!isText && !(chunk instanceof Uint8Array)) return true;
    const data = isText ? Buffer.from(chunk, encodingOf(encoding)) : Buffer.from(chunk);
    this.#bytes += data.byteLength;
    if (this.#bytes <= this.#limit) {
      this.#chunks.push(data);
    } else {
      this.passOn();
      this.#chunks = [];
    }
    if (this.state !== 'passing' || this.#isClosed) return true;
    return this.#original.write.call(this.#res, data, 'utf8');
  }

  end(chunk: unknown, encoding: unknown, done: (() => void) | undefined): void {
    if (done) this.#callbacks.push(done);
    this.write(chunk, encoding);
    this.#end();
  }

  destroyed(error: Error = new Error('the response was destroyed')): void {
    this.#end({ error });
  }

  closed(): void {
    this.#isClosed = true;
    // What waits for room would wait for ever.
    process.nextTick(() => this.#original.emit.call(this.#res, 'drain'));
    if (this.#head && wasCutHere(this.#res)) this.destroyed(new Error('the response was cut off'));
  }

  #begin(): Head {
    if (this.#head) return this.#head;
    this.#head = headOf(this.#res, this.headers);
    const type = this.#head.headers.find(([name]) => name === 'content-type')?.[1];
    if (type?.startsWith('text/event-stream')) this.passOn();
    return this.#head;
  }

  #whole(): Buffer {
    return this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
  }

  #end(broken?: Produced['broken']): void {
    if (this.hasEnded) return;
    const { status, headers } = this.#begin();
    this.hasEnded = true;
    const bytes = this.#bytes;
    const body = bytes <= this.#limit ? new Uint8Array(this.#whole()) : undefined;
    const thrown = this.#thrown ?? givenUp(this.#res, status);
    this.#resolve({ status, headers, body, bytes, thrown, broken });
  }

  /** A response that goes nowhere, with the headers that the handler has set so far. */
  #detachedHeaders(): ServerResponse {
    // An import of it would have Node load all that it has, `fetch` too, with every cold start.
    const http = process.getBuiltinModule('node:http');
    const detached = new http.ServerResponse(this.#res.req);
    for (const [name, value] of Object.entries(this.#res.getHeaders())) {
      if (value !== undefined) detached.setHeader(name, value);
    }
    return detached;
  }

  #replaced(headers: ServerResponse): void {
    this.headers = headers;
    this.state = 'replaced';
  }

  #setHead(status: number, message: string, headers: HeaderList): void {
    if (this.#res.destroyed) return;
    setHeaders(this.#res, headers);
    this.#res.statusCode = status;
    this.#res.statusMessage = message;
  }

  #finish(body: Uint8Array | undefined): void {
    const done = (): void => {
      for (const callback of this.#callbacks) callback();
    };
    if (this.#res.destroyed) done();
    else if (body?.byteLength) {
      this.#original.end.call(this.#res, textIfAscii(body), 'latin1', done);
    } else this.#original.end.call(this.#res, done as never, 'utf8');
    if (this.#isClosed) this.#original.emit.call(this.#res, 'close');
    this.#callbacks.length = 0;
  }
}

function encodingOf(encoding: unknown): BufferEncoding {
  return typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : 'utf8';
}
