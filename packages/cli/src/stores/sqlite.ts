import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { IdempotencyError, type Store } from '@twiceproof/core';
import type * as Twiceproof from '@twiceproof/sqlite';
import { usage } from '../failure.ts';
import { loadPackage } from './load-package.ts';
import type { OpenedStore, OpenOptions } from './opened-store.ts';
import { optionsOf, type StoreUrl } from './store-url.ts';

const packages = ['@twiceproof/sqlite'];

/** Opens the store of a file. Only `setup` makes one: a path that was mistyped is told. */
export async function openSqlite(
  url: StoreUrl,
  _text: string,
  { cwd }: OpenOptions,
): Promise<OpenedStore> {
  if (url.path.trim() === '') throw usage('sqlite: names no file; give sqlite:path');
  optionsOf(url, ['retirement']);
  const { sqliteStore } = await loadPackage<typeof Twiceproof>('@twiceproof/sqlite', cwd, packages);
  const path = resolve(cwd, url.path);
  const store = sqliteStore({ path });
  return { store: onlyIfThere(store, path), close: () => store.close() };
}

/** The store, whose requests are refused while there is no file. */
function onlyIfThere(store: Store, path: string): Store {
  const guarded = Object.entries(store).map(([name, member]) => {
    if (typeof member !== 'function' || name === 'setup' || name === 'close') return [name, member];
    return [
      name,
      async (...request: unknown[]) => {
        if (existsSync(path)) return member(...request);
        const message =
          'its file is not there; create it with twiceproof setup, or correct the path of the file';
        throw new IdempotencyError('STORE_UNAVAILABLE', message);
      },
    ];
  });
  return Object.fromEntries(guarded);
}
