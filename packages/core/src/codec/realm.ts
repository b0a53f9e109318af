/**
 * Plain data may come from another realm: a vm context of a test runner, or Node's own fetch seen
 * from inside of one. It is recognised here by the shape of its prototype chain.
 */

/** True for `builtin` and for the same built-in of another realm, false for a class extending it. */
export function isPrototype(prototype: object, builtin: object): boolean {
  return prototype === builtin || isForeignObjectPrototype(Object.getPrototypeOf(prototype));
}

/** True for the prototype of the ordinary objects of another realm. */
export function isForeignObjectPrototype(prototype: object | null): boolean {
  return (
    prototype !== null &&
    prototype !== Object.prototype &&
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, 'isPrototypeOf')
  );
}
