import type { Incoming } from '../gate/incoming.ts';
import { readBody } from './request-body.ts';

/** A Request of the Fetch standard, for the gate. */
export function incomingRequest<Req>(
  request: Req,
  raw: Request,
  route: string | undefined,
): Incoming<Req> {
  return {
    request,
    method: raw.method,
    target: raw.url,
    route,
    header(name) {
      const value = raw.headers.get(name);
      return value === null ? [] : [value];
    },
    body: async (limit) => ({ bytes: await readBody(raw, limit) }),
  };
}
