/**
 * As Powertools for TypeScript writes what it hashes, byte for byte. Its order of keys depends on their
 * case only where nothing else tells them apart, and on how they were given where not even that does.
 */
export function typescriptText(value: unknown): string {
  return JSON.stringify(sorted(value)) as string;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (Object.prototype.toString.call(value) !== '[object Object]') return value;
  const object = value as Readonly<Record<string, unknown>>;
  const result: Record<string, unknown> = {};
  const names = Object.keys(object).sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  for (const name of names) result[name] = sorted(object[name]);
  return result;
}
