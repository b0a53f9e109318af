/** As much of a number as a double may not hold exactly; shorter ones need no second look. */
const longNumber = /[\d.]{16}/;

type Reviver = (name: string, value: unknown, context: { source?: string }) => unknown;

/** A number that a double does not hold exactly, by its digits. */
export class ExactNumber {
  readonly digits: string;

  constructor(digits: string) {
    this.digits = digits;
  }
}

/**
 * What `JSON.parse` gives, except that a number which a double does not hold exactly keeps its digits:
 * rounded, two different amounts would be one payload.
 */
export function parseExactJson(text: string): unknown {
  return longNumber.test(text) ? JSON.parse(text, exact as Reviver as never) : JSON.parse(text);
}

function exact(_name: string, value: unknown, { source }: { source?: string }): unknown {
  if (typeof value !== 'number' || source === undefined) return value;
  return String(value) === source ? value : new ExactNumber(source);
}
