/** Data as JSON has it, or bytes, of which there is a copy for everybody who asks. */
export class PlainCopies {
  readonly #own: unknown;
  /** What in it has to be copied, too. */
  readonly #parts: readonly Part[];

  private constructor(own: unknown, parts: readonly Part[]) {
    this.#own = own;
    this.#parts = parts;
  }

  /** Takes a copy of the value at once. Undefined where there is anything else in it, such as a Date. */
  static of(value: unknown): PlainCopies | undefined {
    if (typeof value !== 'object' || value === null) return new PlainCopies(value, []);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Uint8Array.prototype) return new PlainCopies(copyOf(value), []);
    if (!Array.isArray(value) && prototype !== Object.prototype) return undefined;
    const parts: Part[] = [];
    for (const [name, part] of Object.entries(value)) {
      if (typeof part !== 'object' || part === null) continue;
      const copies = PlainCopies.of(part);
      if (!copies) return undefined;
      parts.push({ name, copies });
    }
    return new PlainCopies(copyOf(value), parts);
  }

  next(): unknown {
    const own = this.#own;
    if (typeof own !== 'object' || own === null) return own;
    const copy = copyOf(own);
    const parts = this.#parts;
    for (let at = 0; at < parts.length; at++) {
      const { name, copies } = parts[at]!;
      copy[name] = copies.next();
    }
    return copy;
  }
}

interface Part {
  readonly name: string;
  readonly copies: PlainCopies;
}

function copyOf(value: object): Record<string, unknown> {
  if (Array.isArray(value)) return value.slice() as never;
  return value instanceof Uint8Array ? (new Uint8Array(value) as never) : { ...value };
}
