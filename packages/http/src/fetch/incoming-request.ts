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
    header: (name) => headerValues(raw.headers, name),
    body: async (limit) => ({ bytes: await body.read(limit) }),
  };
}

/** A header of the Fetch standard, in which all of its values are one. */
export function headerValues(headers: Headers, name: string): readonly string[] {
  const value = headers.get(name);
  return value === null ? [] : [value];
}
