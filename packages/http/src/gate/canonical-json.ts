import { ExactNumber } from './exact-json.ts';
import { invalidOption } from './invalid-option.ts';

/** Far deeper than any payload, and far from where the stack would end. */
const maxDepth = 500;

/**
 * JSON text in which the order of properties does not matter. Undefined for what is nested too deep to
 * be looked at. Throws `OPTIONS_INVALID` for what a parser has made of a body and JSON cannot hold.
 */
export function canonicalJson(value: unknown): string | undefined {
  try {
    return write(value, 0);
  } catch (error) {
    if (error instanceof TooDeep) return undefined;
    throw error;
  }
}

class TooDeep extends Error {}

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'object':
      return value === null ? 'null' : writeObject(value, depth);
    case 'undefined':
      return 'null';
    default:
      throw unreadable(typeof value);
  }
}

function writeObject(value: object, depth: number): string {
  if (depth > maxDepth) throw new TooDeep();
  if (value instanceof ExactNumber) return value.digits;
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join()}]`;
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64url'));
  if ('toJSON' in value && typeof value.toJSON === 'function')
    return write(value.toJSON(), depth + 1);
  const members: string[] = [];
  for (const name of Object.keys(value).sort()) {
    const member = (value as Record<string, unknown>)[name];
    if (member !== undefined) members.push(`${JSON.stringify(name)}:${write(member, depth + 1)}`);
  }
  return `{${members.join()}}`;
}

function unreadable(kind: string): Error {
  return invalidOption(
    `the parsed body holds a ${kind}, so it is no payload that can be compared; give fingerprint, a function of the request that names what must not change`,
  );
}
