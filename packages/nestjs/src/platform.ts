import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionContext } from '@nestjs/common';
import type { Incoming, PlainResponse } from '@twiceproof/http/adapter';
import {
  byName,
  type FastifyReplyLike,
  incomingMessage,
  sendByFastify,
} from '@twiceproof/http/adapter';
import type { PlatformRequest } from './module-options.ts';

/** Express' request, or Fastify's, which has the message of node:http in `raw`. */
interface AnyRequest extends IncomingMessage {
  readonly raw?: IncomingMessage;
  readonly originalUrl: string;
  readonly body?: unknown;
  readonly rawBody?: unknown;
  readonly route?: { readonly path?: unknown };
  readonly routeOptions?: { readonly url?: string };
}

/** Express' response, or Fastify's reply. */
type AnyReply = ServerResponse & FastifyReplyLike & { readonly raw?: ServerResponse };

/** One request on either platform. */
export interface PlatformExchange {
  readonly incoming: Incoming<PlatformRequest>;
  readonly res: ServerResponse;
  setHeaders(headers: PlainResponse['headers']): void;
  /** Sends a whole response, past Nest. */
  send(response: PlainResponse): void;
}

export function exchangeOf(context: ExecutionContext): PlatformExchange {
  const http = context.switchToHttp();
  const request = http.getRequest<AnyRequest>();
  const reply = http.getResponse<AnyReply>();
  const { originalUrl: target, body, rawBody, raw = request } = request;
  const route = request.routeOptions?.url ?? request.route?.path;
  const setHeaders: PlatformExchange['setHeaders'] = (headers) => {
    for (const [name, value] of byName(headers)) {
      if (reply.raw) reply.header(name, value);
      else reply.setHeader(name, value);
    }
  };
  return {
    incoming: incomingMessage(request, raw, {
      target,
      route: typeof route === 'string' ? route : undefined,
      body,
      rawBody,
    }),
    res: reply.raw ?? reply,
    setHeaders,
    send(response) {
      if (reply.raw) {
        sendByFastify(reply, response);
        return;
      }
      setHeaders(response.headers);
      reply.statusCode = response.status;
      reply.end(response.body);
    },
  };
}
