import { DemoError } from '../demo-error.ts';

export const storeKinds = ['memory', 'pglite', 'sqlite', 'postgres', 'redis', 'dynamodb'] as const;

export type StoreKind = (typeof storeKinds)[number];

/** Kinds of stores that are there for all workers. */
export type SharedKind = Exclude<StoreKind, 'memory'>;

/** Stores by their kind, fastest first; the last one decides. */
export type StoreStack = readonly [...fast: StoreKind[], authority: StoreKind];

/** Whether the records are in the memory of this process, and nowhere else. */
export function isMemoryAlone(stack: StoreStack): boolean {
  return stack.at(-1) === 'memory';
}

/** Reads what `--store` was given, e.g. `memory,redis`. Throws a `DemoError` that says what to give. */
export function readStoreStack(text: string): StoreStack {
  const kinds = text.split(',').map((name) => name.trim());
  for (const kind of kinds) {
    if (!isStoreKind(kind)) {
      throw refused(text, `there is no store '${kind}'; give ${storeKinds.join(', ')}`);
    }
  }
  if (new Set(kinds).size < kinds.length) throw refused(text, 'give each store once');
  if (kinds.length > 1 && kinds.at(-1) === 'memory') {
    const why = 'every process has a memory of its own, so it stands alone, or in front of a store';
    throw refused(text, `${why} that all of them share, like --store memory,redis`);
  }
  return kinds as unknown as StoreStack;
}

function isStoreKind(name: string): name is StoreKind {
  return (storeKinds as readonly string[]).includes(name);
}

function refused(text: string, why: string): DemoError {
  return new DemoError(`--store ${text}: ${why}; see --help`, { exitCode: 2 });
}
