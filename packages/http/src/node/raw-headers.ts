/** Each value apart: node:http joins them, and then two keys could pass for one. */
export function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const each = rawHeaders[index]!;
    // Most differ in length, and need no second look.
    if (each.length !== name.length || each.toLowerCase() !== name) continue;
    values.push(rawHeaders[index + 1]!);
  }
  return values;
}
