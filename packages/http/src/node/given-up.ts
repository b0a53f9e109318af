import type { ServerResponse } from 'node:http';
import { outcomeUnknown } from '@twiceproof/core';
import type { Produced } from '../gate/http-call.ts';

/**
 * What a response tells of that connect's timeout has brought about: it notes `timedout` at the request, and leaves the
 * answer to the error handlers, while the handler may go on. Undefined for others, also for a handler that does
 * answer, if late.
 */
export function givenUp({ req }: ServerResponse, status: number): Produced['thrown'] {
  if (status < 400 || !('timedout' in req) || req.timedout !== true) return undefined;
  return { error: outcomeUnknown(new Error('a timeout answered, and the handler may go on')) };
}
