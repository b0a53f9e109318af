/**
 * Record ids by the text of their keys, of keys that came again: they are likely to come once more, and then
 * cost no digest. Kept for as long as a few thousand of them fit, over all operations of a process, and never
 * where a secret says that keys are personal data.
 */
export class KnownIds {
  readonly #ids = new Map<string, string>();

  get(key: string): string | undefined {
    return this.#ids.get(key);
  }

  add(key: string, id: string): void {
    if (key.length > longestKey || this.#ids.has(key)) return;
    if (count === mostKeys) forgetAll();
    count++;
    this.#ids.set(key, id);
    inUse.add(this);
  }

  clear(): void {
    this.#ids.clear();
  }
}

const mostKeys = 4_096;
const longestKey = 128;

const inUse = new Set<KnownIds>();
let count = 0;

function forgetAll(): void {
  for (const ids of inUse) ids.clear();
  inUse.clear();
  count = 0;
}
