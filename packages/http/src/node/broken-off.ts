import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';

/** Tells of a stream that was piped into the response and closed before it had ended. */
export function watchSources(res: ServerResponse, tell: (error: Error) => void): void {
  res.on('pipe', (source: Readable) => {
    source.once('close', () => {
      if (!source.readableEnded) tell(source.errored ?? new Error('its source ended too early'));
    });
  });
}

/**
 * Whether this process itself has closed the response's connection, as frameworks do when a handler
 * fails that has already written something. A client that goes leaves an end or an error.
 */
export function wasCutHere({ req }: ServerResponse): boolean {
  const { socket } = req;
  return req.httpVersionMajor === 1 && socket.destroyed && !socket.readableEnded && !socket.errored;
}
