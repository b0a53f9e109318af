import type { Produced } from '../gate/http-call.ts';
import type { HeaderList } from '../gate/plain-response.ts';
import { PassedOn } from './passed-on.ts';
import { responseOf } from './response-of.ts';

/** A handler's response, with its body read. */
export interface Collected {
  readonly produced: Produced;
  /** Answers the response again, with more headers. */
  respond(headers: HeaderList): Response;
  /** Set where the response left before its body had ended. */
  readonly passedOn: PassedOn | undefined;
}

/**
 * Reads a response as far as it can be recorded. One that is longer, and one that is meant to be read
 * while it is written, is passed on meanwhile, except for its end. `leave` answers whether somebody takes it.
 */
export async function collectResponse(
  response: Response,
  limit: number,
  early: HeaderList,
  leave: (response: Response) => boolean,
): Promise<Collected> {
  const { status } = response;
  const headers = [...response.headers];
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let passedOn: PassedOn | undefined;
  let broken: Produced['broken'];
  const passOn = (): PassedOn => {
    passedOn = new PassedOn(chunks);
    if (!leave(responseOf(response, passedOn.stream, early))) passedOn.abandon();
    return passedOn;
  };
  const isLive = response.headers.get('content-type')?.startsWith('text/event-stream');
  if (isLive && response.body) passOn();
  try {
    // A reader of its own is several times faster than iterating.
    const reader = response.body?.getReader();
    for (;;) {
      const read = await reader?.read();
      if (!read || read.done) break;
      const chunk = read.value;
      bytes += chunk.byteLength;
      if (bytes <= limit) chunks.push(chunk);
      else if (!passedOn) passOn();
      await passedOn?.write(chunk);
    }
  } catch (error) {
    broken = { error };
  }
  const body = bytes <= limit ? joined(chunks, bytes) : undefined;
  return {
    produced: { status, headers, body, bytes, broken },
    respond: (added) => responseOf(response, body?.byteLength ? body : null, added),
    passedOn,
  };
}

/** Of memory of its own, as the record keeps it. */
function joined(chunks: readonly Uint8Array[], bytes: number): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(bytes);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
}
