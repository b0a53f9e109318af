import { invalidOption } from '@twiceproof/core/toolkit';
import { BodyRefused } from '../gate/body-refused.ts';

/** The body of a request, which is read once and handed on. */
export class RequestBody {
  readonly #request: Request;
  #taken: Uint8Array<ArrayBuffer> | undefined;

  constructor(request: Request) {
    this.#request = request;
  }

  /** All of it. Throws {@link BodyRefused} for more than `limit` bytes, and for a body that breaks off. */
  async read(limit: number): Promise<Uint8Array> {
    const request = this.#request;
    if (this.#taken) return this.#taken;
    if (request.bodyUsed) throw alreadyRead();
    const length = request.headers.get('content-length');
    if (length === '0' || (length === null && request.body === null)) return new Uint8Array();
    if (Number(length) > limit) throw new BodyRefused('body-too-large');
    if (!isPlain(request)) return readStream(request.clone().body, limit, request.body);
    const bytes = await (length === null ? readStream(request.body, limit) : readWhole(request));
    if (bytes.byteLength > limit) throw new BodyRefused('body-too-large');
    this.#taken = bytes;
    return bytes;
  }

  /** The request for the handler: the same one, or the like of it with the body that was read. */
  get request(): Request {
    const request = this.#request;
    const body = this.#taken;
    if (!body) return request;
    if (Object.getPrototypeOf(request) === Request.prototype) return new Request(request, { body });
    const { url, method, headers, signal } = request;
    return new Request(url, { method, headers, signal, body });
  }
}

/** A class as bundlers name it that have two of that name. */
const standardName = /^_?Request(\$\d+)?$/;

/** Not one of a framework's own class, which a handler may count on getting. A clone of such a one is
 * read in its place, which takes longer. */
function isPlain(request: Request): boolean {
  return request.constructor === Request || standardName.test(request.constructor.name);
}

async function readWhole(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await request.arrayBuffer());
  } catch {
    throw new BodyRefused('body-invalid');
  }
}

async function readStream(
  stream: ReadableStream<Uint8Array> | null,
  limit: number,
  other?: ReadableStream | null,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = stream!.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return new Uint8Array(Buffer.concat(chunks));
      bytes += value.byteLength;
      if (bytes > limit) throw new BodyRefused('body-too-large');
      chunks.push(value);
    }
  } catch (error) {
    // It is not read any further, nor is what it was cloned from.
    reader.cancel().catch(() => {});
    other?.cancel().catch(() => {});
    throw error instanceof BodyRefused ? error : new BodyRefused('body-invalid');
  }
}

function alreadyRead(): Error {
  return invalidOption(
    'the request body was read before the idempotency layer could see it; put the layer before what reads it, hand it request.clone(), or give fingerprint',
  );
}
