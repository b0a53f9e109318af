/** As much of a number as a double may not hold exactly; shorter ones need no second look. */
const longNumber = /\d{16}/;

type Reviver = (
  this: unknown,
  name: string,
  value: unknown,
  context: { source?: string },
) => unknown;

/**
 * What `JSON.parse` gives, except that whole numbers beyond 2^53 become bigints: as numbers, two
 * different ids would be rounded to one, and one of the two messages would be taken for a duplicate.
 */
export function parseExactJson(text: string): unknown {
  return longNumber.test(text) ? JSON.parse(text, exact as Reviver as never) : JSON.parse(text);
}

function exact(_name: string, value: unknown, context: { source?: string }): unknown {
  const { source } = context;
  if (typeof value !== 'number' || source === undefined || Number.isSafeInteger(value))
    return value;
  return /^-?\d+$/.test(source) ? BigInt(source) : value;
}
