import type { HeaderList } from '../gate/plain-response.ts';
import type { Collected } from './collect-response.ts';
import { madeOf } from './made-response.ts';
import { madeAgain } from './response-of.ts';

/** A response that is recorded without being read, since what it was made of is still there. Undefined for
 * one that has to be read. */
export function keptResponse(response: Response, limit: number): Collected | undefined {
  const made = madeOf(response);
  if (!made) return undefined;
  const { status, headers, body: content } = made;
  const body = typeof content === 'string' ? bytesOf(content) : new Uint8Array(content ?? []);
  const isLive = headers.some(
    ([name, value]) => name === 'content-type' && value.startsWith('text/event-stream'),
  );
  if (body.byteLength > limit || isLive) return undefined;
  return {
    produced: { status, headers, body, bytes: body.byteLength, broken: undefined },
    respond(added) {
      const others = headers.filter(([name]) => !isAmong(added, name));
      // Text stays as it is; bytes of the handler's may have changed since.
      const again = typeof content === 'string' ? content : body;
      return madeAgain(status, [...others, ...added], again.length > 0 ? again : null);
    },
    passedOn: undefined,
  };
}

/** From Node's pool: a record has a copy of its own, and memory of its own takes longer to get. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = Buffer.from(text);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** `name` is in lower case. */
function isAmong(list: HeaderList, name: string): boolean {
  return list.some(([other]) => other.length === name.length && other.toLowerCase() === name);
}
