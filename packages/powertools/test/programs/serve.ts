import { createInterface } from 'node:readline';
import type { CallRequest, HashRequest, Said } from './requests.ts';

type Request = (CallRequest | HashRequest) & { readonly n: number };

/** Answers each line of JSON with one, as soon as it can. */
export function serve(answer: (request: CallRequest | HashRequest) => Promise<Said>): void {
  createInterface({ input: process.stdin }).on('line', async (line) => {
    const { n, ...request } = JSON.parse(line) as Request;
    const said = await answer(request as CallRequest | HashRequest).catch((error: Error) => ({
      error: `${error.name}: ${error.message}`,
    }));
    process.stdout.write(lineOf({ ...said, n }));
  });
}

/** One line: what readers take for the end of one is escaped. */
export function lineOf(message: object): string {
  const text = JSON.stringify(message).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${text}\n`;
}
