import { createReadStream } from 'node:fs';

/**
 * The lines of a text file, as NDJSON means them: they end with a line feed and nothing else. Node's
 * readline would also end them at U+2028, which may stand in a JSON string.
 */
export async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(path, 'utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') yield rest;
}
