/** A number that would be taken for another one. */
export class InexactNumber extends Error {
  constructor(source: string) {
    super(`${source} cannot be recorded exactly; write it in quotes if it is an id`);
  }
}

/** The value of JSON that an operator typed in. Throws {@link InexactNumber}, and what `JSON.parse` throws. */
export function exactJson(text: string): unknown {
  // Node's type of a reviver lacks the source that it is given.
  return (JSON.parse as JsonParse)(text, (_name, value, { source }) => {
    if (typeof value === 'number' && source !== undefined && !isExact(value, source)) {
      throw new InexactNumber(source);
    }
    return value;
  });
}

type JsonParse = (
  text: string,
  reviver: (name: string, value: unknown, context: { readonly source?: string }) => unknown,
) => unknown;

function isExact(value: number, source: string): boolean {
  return Number.isFinite(value) && (!/^-?\d+$/.test(source) || Number.isSafeInteger(value));
}
