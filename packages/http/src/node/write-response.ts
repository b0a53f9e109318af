import type { ServerResponse } from 'node:http';
import type { PlainResponse } from '../gate/plain-response.ts';
import { textIfAscii } from '../gate/text-if-ascii.ts';
import { setHeaders } from './head.ts';

/** Writes a whole response; what earlier middleware has set stays where it is not set anew. */
export function writeResponse(
  res: ServerResponse,
  { status, headers, body, content = textIfAscii(body) }: PlainResponse,
): void {
  if (res.destroyed) return;
  setHeaders(res, headers);
  res.statusCode = status;
  if (body.byteLength > 0) res.end(content, 'latin1');
  else res.end();
}
