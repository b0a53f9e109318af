import type { IncomingMessage } from 'node:http';
import { BodyRefused } from '../gate/body-refused.ts';
import type { ReceivedBody } from '../gate/canonical-body.ts';

/** As much of a message of node:http as is looked at, with what servers look for that hand it on. */
type Message = IncomingMessage & { rawBody?: Buffer };

/**
 * The message that a request of `@hono/node-server` was made of, if nobody has begun to read either: from
 * there, headers and the body are had without what the Fetch standard has around them.
 */
export function messageOf(request: Request, env: unknown): IncomingMessage | undefined {
  const { incoming } = (env ?? {}) as { readonly incoming?: Message };
  if (incoming?.httpVersionMajor !== 1 || incoming.readableDidRead || 'rawBody' in incoming) {
    return undefined;
  }
  let isOfIt = false;
  for (const symbol of Object.getOwnPropertySymbols(request)) {
    const part: unknown = (request as unknown as Record<symbol, unknown>)[symbol];
    if (part === incoming) isOfIt = true;
    else if (part === true || (typeof part === 'object' && isInUse(part))) return undefined;
  }
  return isOfIt ? incoming : undefined;
}

/** A real request was made of it, or its body is being read. */
function isInUse(part: unknown): boolean {
  return part instanceof Request || part instanceof Promise;
}

/**
 * Reads the body and leaves it to be read again, as `rawBody`, which such requests read in place of the
 * message. Undefined where its length is not known beforehand. Throws {@link BodyRefused} for more than
 * `limit` bytes, and for a body that breaks off.
 */
export function readMessage(
  message: Message,
  limit: number,
): ReceivedBody | Promise<ReceivedBody> | undefined {
  const length = Number(message.headers['content-length'] ?? Number.NaN);
  if (!Number.isSafeInteger(length) || length === 0) return undefined;
  if (length > limit) throw new BodyRefused('body-too-large');
  if (message.destroyed) throw new BodyRefused('body-invalid');
  const whole: Buffer | null = message.complete ? message.read() : null;
  return whole ? leave(message, whole) : readOn(message);
}

function leave(message: Message, bytes: Buffer): ReceivedBody {
  message.rawBody = bytes;
  return { bytes };
}

function readOn(message: Message): Promise<ReceivedBody> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const onData = (chunk: Buffer): void => void chunks.push(chunk);
    const stop = (): void => {
      message.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
    };
    const onEnd = (): void => {
      stop();
      resolve(leave(message, chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    };
    const onGone = (): void => {
      stop();
      reject(new BodyRefused('body-invalid'));
    };
    message.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
  });
}
