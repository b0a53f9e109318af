import { hash } from 'node:crypto';
import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { type StoreKind, storeKinds } from './stores/store-kinds.ts';

/** Where the demo keeps what it must find again after it was killed. */
export interface StateFolder {
  readonly path: string;
  /** As it is shown: relative to where the user is, if that is shorter. */
  readonly label: string;
  readonly database: string;
  /** The records of `--store sqlite`. */
  readonly sqlite: string;
  /** What was done with the records of this store; one per store. */
  readonly ledger: string;
  /** Which records of this store are this folder's. */
  readonly environment: string;
  readonly sample: string;
  readonly undelivered: string;
  /** Equal for equal folders, however they are spelled. */
  readonly identity: string;
}

export function stateFolder(folder: string, authority: StoreKind): StateFolder {
  const path = resolve(folder);
  mkdirSync(path, { recursive: true });
  return {
    path,
    label: pathLabel(path),
    database: join(path, 'database'),
    sqlite: join(path, 'records.sqlite'),
    ...ofStore(path, authority),
    sample: join(path, 'deliveries.ndjson'),
    undelivered: join(path, 'undelivered.ndjson'),
    identity: hash('sha256', realpathSync(path)).slice(0, 24),
  };
}

/** Forgets everything. Removes what the demo made and nothing else: the folder is the user's choice. */
export function resetState({ path, database, sqlite, sample, undelivered }: StateFolder): void {
  const ofStores = storeKinds.flatMap((kind) => Object.values(ofStore(path, kind)));
  const files = ['', '-wal', '-shm'].map((ending) => `${sqlite}${ending}`);
  for (const each of [database, ...files, sample, undelivered, ...ofStores]) {
    rmSync(each, { recursive: true, force: true });
  }
}

function ofStore(path: string, kind: StoreKind): { ledger: string; environment: string } {
  const ending = kind === 'pglite' ? '' : `-${kind}`;
  return {
    ledger: join(path, `ledger${ending}.ndjson`),
    environment: join(path, `environment${ending}.json`),
  };
}

export function pathLabel(path: string): string {
  const fromHere = relative('', path);
  return fromHere !== '' && fromHere.length < path.length ? fromHere : path;
}
