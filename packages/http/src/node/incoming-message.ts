import type { IncomingMessage } from 'node:http';
import type { Incoming } from '../gate/incoming.ts';
import { valuesOf } from './raw-headers.ts';
import { bodyOf, type ParsedBody } from './request-body.ts';

/** What a framework knows of a request beside the message of node:http. */
export interface MessageDetails extends ParsedBody {
  readonly target: string;
  readonly route: string | undefined;
}

/** A request of node:http, for the gate. */
export function incomingMessage<Req>(
  request: Req,
  raw: IncomingMessage,
  details: MessageDetails,
): Incoming<Req> {
  return {
    request,
    method: raw.method ?? 'GET',
    target: details.target,
    route: details.route,
    header: (name) => valuesOf(raw.rawHeaders, name),
    body: (limit) => bodyOf(raw, details, limit),
  };
}
