import { hash, randomUUID } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { StateFolder } from '../state-folder.ts';
import type { Engine } from './engine.ts';

/**
 * The environment that this folder's records have in its store: a new one, with a new ledger, when the
 * store is not the one that the ledger was written with. So the ledger never tells of records that
 * are not there, and two folders on one database are strangers.
 */
export function environmentIn(state: StateFolder, { address, keptAt }: Engine): string {
  if (address.kind === 'pglite') return 'demo';
  const place = keptAt === undefined ? undefined : hash('sha256', keptAt);
  const known = readKnown(state.environment);
  if (known && place !== undefined && known.place === place) return known.environment;
  const environment = `demo-${randomUUID()}`;
  rmSync(state.ledger, { force: true });
  writeFileSync(state.environment, JSON.stringify({ environment, place }));
  return environment;
}

function readKnown(path: string): { environment: string; place?: string } | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
