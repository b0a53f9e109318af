import type { StateFolder } from '../state-folder.ts';
import type { Engine } from './engine.ts';
import type { StoreAddress } from './store-address.ts';
import { isMemoryAlone, type SharedKind, type StoreStack } from './store-kinds.ts';

/** The stores of a run. */
export interface OpenStack {
  /** For the workers, fastest first. */
  readonly addresses: readonly StoreAddress[];
  /** The last one, which decides and has all records. */
  readonly authority: Engine;
  close(): Promise<void>;
}

/** Opens or starts every store of the stack that the workers share. A memory alone is one of them. */
export async function openStack(
  kinds: StoreStack,
  state: Pick<StateFolder, 'database' | 'sqlite'>,
  starting: (kind: SharedKind) => void,
): Promise<OpenStack> {
  if (isMemoryAlone(kinds)) {
    const { openMemory } = await import('./memory-engine.ts');
    const authority = openMemory();
    return { addresses: [authority.address], authority, close: authority.close };
  }
  const engines = new Map<SharedKind, Engine>();
  const close = async (): Promise<void> => {
    for (const engine of engines.values()) await engine.close();
  };
  try {
    for (const kind of kinds) {
      if (kind === 'memory') continue;
      if (kind === 'pglite') {
        const { openPglite } = await import('./pglite-engine.ts');
        engines.set(kind, await openPglite(state.database));
      } else if (kind === 'sqlite') {
        const { openSqlite } = await import('./sqlite-engine.ts');
        engines.set(kind, await openSqlite(state.sqlite));
      } else {
        starting(kind);
        const { openRealEngine } = await import('./real-engine.ts');
        engines.set(kind, await openRealEngine(kind));
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    addresses: kinds.map((kind) => (kind === 'memory' ? { kind } : engines.get(kind)!.address)),
    authority: engines.get(kinds.at(-1) as SharedKind)!,
    close,
  };
}
