import type { ServerResponse } from 'node:http';
import type { RefusalAnswer } from '@twiceproof/console/wire';
import type { PageFile } from './page-files.ts';
import type { Refusal } from './refusal.ts';

// No script, style, frame or request but the page's own; and no HTML made of text.
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const headers: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': policy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

export function answerFile(response: ServerResponse, file: PageFile): void {
  send(response, 200, file.type, file.bytes);
}

export function answerJson(
  response: ServerResponse,
  body: unknown,
  more: Readonly<Record<string, string>> = {},
): void {
  send(response, 200, jsonType, Buffer.from(JSON.stringify(body)), more);
}

export function answerRefusal(response: ServerResponse, refusal: Refusal): void {
  const { code, message, record, status } = refusal;
  const body: RefusalAnswer = { code, message, record, now: Date.now() };
  // What is left of a body that was too large is not waited for.
  const more: Record<string, string> = code === 'TOO_LARGE' ? { connection: 'close' } : {};
  send(response, status, jsonType, Buffer.from(JSON.stringify(body)), more);
}

const jsonType = 'application/json; charset=utf-8';

function send(
  response: ServerResponse,
  status: number,
  type: string,
  bytes: Buffer,
  more: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    ...headers,
    ...more,
    'content-type': type,
    'content-length': bytes.length,
  });
  response.end(response.req.method === 'HEAD' ? undefined : bytes);
}
