import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setHeaders } from './head.ts';

/** Writes a response of the Fetch standard. */
export async function sendResponse(res: ServerResponse, response: Response): Promise<void> {
  const { status, body, headers } = response;
  const others = [...headers].filter(([name]) => name !== 'set-cookie');
  res.statusCode = status;
  setHeaders(res, [
    ...others,
    ...headers.getSetCookie().map((each) => ['set-cookie', each] as const),
  ]);
  if (!body) {
    res.end();
    return;
  }
  try {
    await pipeline(Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]), res);
  } catch (error) {
    // A client that is gone is nobody's fault.
    if (!res.destroyed) throw error;
  }
}
