import type { IncomingMessage } from 'node:http';
import type { Incoming } from '../gate/incoming.ts';
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

/** Each value apart: node:http joins them, and then two keys could pass for one. */
function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]!.toLowerCase() === name) values.push(rawHeaders[index + 1]!);
  }
  return values;
}
