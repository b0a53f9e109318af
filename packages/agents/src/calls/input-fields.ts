/** The value of a field, dots for nested ones; undefined where there is none. */
function fieldOf(input: unknown, path: string): unknown {
  let value = input;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name))
      return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** The listed fields that the input has, by name: their order in the list does not matter. */
export function fieldsOf(input: unknown, paths: readonly string[]): Record<string, unknown> {
  const present = paths.flatMap((path): [string, unknown][] => {
    const value = fieldOf(input, path);
    return value === undefined || value === null ? [] : [[path, value]];
  });
  return Object.fromEntries(present);
}

/** The listed fields that the input lacks. */
export function missingFields(input: unknown, paths: readonly string[]): string[] {
  return paths.filter((path) => {
    const value = fieldOf(input, path);
    return value === undefined || value === null || (typeof value === 'string' && !value.trim());
  });
}
