import { parseExactJson } from './exact-json.ts';

/** Stops a small message from filling the memory. */
const maxUnpackedBytes: number = 16 * 1024 * 1024;

/** What is wrong with an input, in words of ours: errors of the parsers quote it, so none is passed on. */
export class UnusableInput extends Error {
  override readonly name = 'UnusableInput';
}

/** Functions for bodies that are text, beside those that JMESPath has. Null stays null. */
export const bodyFunctions: Readonly<Record<string, (text: string) => unknown>> = {
  json: (text) => json(text),
  base64: (text) => utf8(base64(text)),
  base64_json: (text) => json(utf8(base64(text))),
  gzip_base64_json: (text) => json(utf8(gunzip(base64(text)))),
};

function json(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    throw new UnusableInput('a body that is not JSON');
  }
}

const base64Text = /^[A-Za-z0-9+/]*={0,2}$/;

function base64(text: string): Buffer {
  // Buffer would skip what is not base64, and two bodies could be read as one.
  if (text.length % 4 !== 0 || !base64Text.test(text)) {
    throw new UnusableInput('a body that is not base64');
  }
  return Buffer.from(text, 'base64');
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function utf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new UnusableInput('a body that is not text in UTF-8');
  }
}

function gunzip(bytes: Uint8Array): Uint8Array {
  try {
    // Not imported: few bodies are compressed, and it takes a cold start longer.
    return process
      .getBuiltinModule('node:zlib')
      .gunzipSync(bytes, { maxOutputLength: maxUnpackedBytes });
  } catch (error) {
    const tooLarge = (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
    throw new UnusableInput(
      tooLarge
        ? `a body of more than ${maxUnpackedBytes} bytes when unpacked`
        : 'a body that is not gzip',
    );
  }
}
