/**
 * A recorded value as JSON can hold it: a bigint as text, a date in ISO form, bytes in base64, a set as
 * an array, a map as an array of pairs, and null for what there is no JSON for.
 */
export function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Map) return [...value].map((pair) => pair.map(plainValue));
  if (value instanceof Set) return [...value].map(plainValue);
  if (value instanceof ArrayBuffer) return Buffer.from(value).toString('base64');
  if (ArrayBuffer.isView(value)) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  }
  if (Array.isArray(value)) return Array.from(value, plainValue);
  const copy: Record<string, unknown> = Object.create(null);
  for (const [name, each] of Object.entries(value)) copy[name] = plainValue(each);
  return copy;
}
