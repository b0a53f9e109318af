import { Refusal } from './refusal.ts';

/** The value that an operator typed in. Refuses a number that would be recorded as another one. */
export function jsonValue(text: string): unknown {
  try {
    // Node's type of a reviver lacks the source that it is given.
    return (JSON.parse as JsonParse)(text, (_name, value, context) => {
      const { source } = context;
      if (typeof value === 'number' && source !== undefined && !isExact(value, source)) {
        const message = `${source} cannot be recorded exactly; write it in quotes if it is an id.`;
        throw new Refusal('INVALID', message);
      }
      return value;
    });
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('INVALID', `The value is no JSON: ${(error as Error).message}`);
  }
}

type JsonParse = (
  text: string,
  reviver: (name: string, value: unknown, context: { readonly source?: string }) => unknown,
) => unknown;

function isExact(value: number, source: string): boolean {
  return Number.isFinite(value) && (!/^-?\d+$/.test(source) || Number.isSafeInteger(value));
}
