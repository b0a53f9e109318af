/**
 * What kind of object a value is, by its prototype. Plain data may come from another realm: a vm
 * context, a test runner's, or Node's own fetch seen from inside of one.
 */
const functionText = Function.prototype.toString;
const nativeText = /^function \w+\(\) \{\s*\[native code\]\s*\}$/;

/** Whether `prototype` is the `Object.prototype` of this realm or another. */
export function isObjectPrototype(prototype: object): boolean {
  if (prototype === Object.prototype) return true;
  return Object.getPrototypeOf(prototype) === null && isNativePrototype(prototype);
}

/** Whether `value` is `{…}` of any realm or has no prototype at all. */
export function isPlainObject(value: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(value);
  return prototype === null || isObjectPrototype(prototype);
}

/** Whether an array, Date, Map or Set is one itself, of any realm, and not an instance of a subclass. */
export function isDirectInstance(
  value: object,
  builtin: ArrayConstructor | DateConstructor | MapConstructor | SetConstructor,
): boolean {
  const prototype: object | null = Object.getPrototypeOf(value);
  return prototype !== null && (prototype === builtin.prototype || isNativePrototype(prototype));
}

/** The class of a value, for messages: never anything that it holds. */
export function className(value: object): string | undefined {
  try {
    const prototype: object | null = Object.getPrototypeOf(value);
    const name = prototype && ownConstructor(prototype)?.name;
    return typeof name === 'string' && isIdentifier(name) ? name : undefined;
  } catch {
    return undefined;
  }
}

/** A function, for Node to make the expression when it is first needed: tables of Unicode take it a while. */
function isIdentifier(name: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]{0,63}$/u.test(name);
}

/** Also that of another realm, or of this one's Date while a test has put its own in the place. */
function isNativePrototype(prototype: object): boolean {
  const maker = ownConstructor(prototype);
  return maker?.prototype === prototype && nativeText.test(functionText.call(maker));
}

function ownConstructor(prototype: object): { prototype: unknown; name: unknown } | undefined {
  const maker: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return typeof maker === 'function'
    ? (maker as unknown as { prototype: unknown; name: unknown })
    : undefined;
}
