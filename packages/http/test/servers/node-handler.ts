import type { IncomingMessage, ServerResponse } from 'node:http';
import type { IdempotentHttpService } from '@twiceproof/testing/http';

/** The service as a listener of node:http. A parsed body is what a parser in front has left. */
export function nodeHandler(service: IdempotentHttpService) {
  return async (req: IncomingMessage, res: ServerResponse, parsed?: unknown): Promise<void> => {
    const { status, headers, body } = await service.handle({
      method: req.method ?? 'GET',
      path: (req.url ?? '/').split('?')[0]!,
      header: (name) => req.headers[name]?.toString(),
      body: await bytesOf(req, parsed),
    });
    res.statusCode = status;
    for (const [name, value] of Object.entries(headers)) {
      res.setHeader(name, typeof value === 'string' ? value : [...value]);
    }
    if (body instanceof Uint8Array) {
      res.end(body);
      return;
    }
    for await (const chunk of body) res.write(chunk);
    res.end();
  };
}

/** What the handler gets of a body: what a parser has left, or what is there to be read. */
export async function bytesOf(req: IncomingMessage, parsed: unknown): Promise<Uint8Array> {
  if (parsed instanceof Uint8Array) return parsed;
  if (typeof parsed === 'string') return Buffer.from(parsed);
  if (req.readableDidRead && parsed !== undefined) return Buffer.from(JSON.stringify(parsed));
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk);
  return chunks.length > 0 || parsed === undefined || isEmpty(parsed)
    ? Buffer.concat(chunks)
    : Buffer.from(JSON.stringify(parsed));
}

function isEmpty(parsed: unknown): boolean {
  return Object.keys(parsed as object).length === 0;
}
