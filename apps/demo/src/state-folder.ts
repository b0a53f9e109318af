import { hash } from 'node:crypto';
import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

/** Where the demo keeps what it must find again after it was killed. */
export interface StateFolder {
  readonly path: string;
  /** As it is shown: relative to where the user is, if that is shorter. */
  readonly label: string;
  readonly database: string;
  readonly ledger: string;
  readonly sample: string;
  readonly undelivered: string;
  /** Equal for equal folders, however they are spelled. */
  readonly identity: string;
}

export function stateFolder(folder: string): StateFolder {
  const path = resolve(folder);
  mkdirSync(path, { recursive: true });
  return {
    path,
    label: pathLabel(path),
    database: join(path, 'database'),
    ledger: join(path, 'ledger.ndjson'),
    sample: join(path, 'deliveries.ndjson'),
    undelivered: join(path, 'undelivered.ndjson'),
    identity: hash('sha256', realpathSync(path)).slice(0, 24),
  };
}

/** Forgets everything. Removes what the demo made and nothing else: the folder is the user's choice. */
export function resetState({ database, ledger, sample, undelivered }: StateFolder): void {
  for (const path of [database, ledger, sample, undelivered]) {
    rmSync(path, { recursive: true, force: true });
  }
}

export function pathLabel(path: string): string {
  const fromHere = relative('', path);
  return fromHere !== '' && fromHere.length < path.length ? fromHere : path;
}
