/** The errors that come back as what they were. A class that extends one comes back as that one. */
const classes: Readonly<Record<string, ErrorConstructor>> = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

/** Name of the built-in class that an error is of or extends. Throws only if a proxy does. */
export function builtinClassOf(error: object): string {
  if (error instanceof AggregateError) return 'AggregateError';
  for (const [name, Class] of Object.entries(classes)) {
    if (name !== 'Error' && error instanceof Class) return name;
  }
  return 'Error';
}

/** A new error of a built-in class, without an own message if there is none; undefined if unknown. */
export function newBuiltinError(name: string, message: string | undefined): Error | undefined {
  if (name === 'AggregateError') return new AggregateError([], message);
  const Class = Object.hasOwn(classes, name) ? classes[name] : undefined;
  return Class && new Class(message);
}
