/** A request that a reader is told to type, as `curl -i URL -H 'name: value' -d 'body'`. */
export interface Typed {
  readonly url: string;
  readonly init: RequestInit;
}

/** Throws for what it does not know of curl, so that no page shows more than is tried. */
export function curlRequest(line: string): Typed {
  const [program, ...words] = wordsOf(line);
  if (program !== 'curl') throw new Error(`no call of curl: ${line}`);
  const headers: [string, string][] = [];
  let url = '';
  let body: string | undefined;
  while (words.length > 0) {
    const word = words.shift()!;
    if (word === '-i') continue;
    else if (word === '-H') headers.push(headerOf(words.shift() ?? ''));
    else if (word === '-d') body = words.shift();
    else if (word.startsWith('-')) throw new Error(`curl ${word} is not known here`);
    else url = `http://${word}`;
  }
  return {
    url,
    init: { method: body === undefined ? 'GET' : 'POST', headers, body: body ?? null },
  };
}

/** What curl prints of a response with `-i`. */
export async function printed(response: Response): Promise<string[]> {
  const { status, statusText, headers } = response;
  const lines = [...headers].map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${statusText}`, ...lines, await response.text()];
}

function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

function headerOf(text: string): [string, string] {
  const colon = text.indexOf(':');
  return [text.slice(0, colon), text.slice(colon + 1).trim()];
}
