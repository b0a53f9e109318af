import { pathLabel, type StateFolder } from '../state-folder.ts';
import type { StoreKind, StoreStack } from './store-kinds.ts';

export const storeLabels: Readonly<Record<StoreKind, string>> = {
  memory: 'memory',
  pglite: 'PGlite',
  sqlite: 'SQLite',
  postgres: 'Postgres',
  redis: 'Redis',
  dynamodb: 'DynamoDB',
};

/** The stores as the headline names them. */
export function stackLabel(
  stack: StoreStack,
  { database, sqlite }: Pick<StateFolder, 'database' | 'sqlite'>,
): string {
  const paths: Partial<Record<StoreKind, string>> = { pglite: database, sqlite };
  const where = (kind: StoreKind) => (paths[kind] ? ` in ${pathLabel(paths[kind])}` : '');
  return stack.map((kind) => `${storeLabels[kind]}${where(kind)}`).join(' → ');
}
