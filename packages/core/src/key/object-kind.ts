const functionText = Function.prototype.toString;
const objectConstructorText = functionText.call(Object);

/** Whether `prototype` is the `Object.prototype` of this realm or another (a vm context, a test runner's). */
export function isObjectPrototype(prototype: object): boolean {
  if (prototype === Object.prototype) return true;
  if (Object.getPrototypeOf(prototype) !== null) return false;
  const maker = ownConstructor(prototype);
  return maker?.prototype === prototype && functionText.call(maker) === objectConstructorText;
}

/** Whether `value` is `{…}` of any realm or has no prototype at all. */
export function isPlainObject(value: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(value);
  return prototype === null || isObjectPrototype(prototype);
}

/** Whether a Map or Set is one itself, of any realm, and not an instance of a subclass. */
export function isDirectInstance(value: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(value);
  const above: object | null = prototype && Object.getPrototypeOf(prototype);
  return above !== null && isObjectPrototype(above);
}

/** Whether an array is one itself, of any realm: each realm's `Array.prototype` is an array. */
export function isDirectArray(value: readonly unknown[]): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Array.prototype || Array.isArray(prototype);
}

/** The class of a value, for messages: never anything that it holds. */
export function className(value: object): string | undefined {
  try {
    const prototype: object | null = Object.getPrototypeOf(value);
    const name = prototype && ownConstructor(prototype)?.name;
    return typeof name === 'string' && /^[\w$]{1,64}$/.test(name) ? name : undefined;
  } catch {
    return undefined;
  }
}

function ownConstructor(prototype: object): { prototype: unknown; name: unknown } | undefined {
  const maker: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return typeof maker === 'function'
    ? (maker as unknown as { prototype: unknown; name: unknown })
    : undefined;
}
