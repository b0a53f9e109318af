import type { Incoming } from '../gate/incoming.ts';
import type { RequestBody } from './request-body.ts';

/** A Request of the Fetch standard, for the gate. */
export function incomingRequest<Req>(
  request: Req,
  raw: Request,
  body: RequestBody,
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
    body: async (limit) => ({ bytes: await body.read(limit) }),
  };
}
