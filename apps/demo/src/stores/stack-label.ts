import { pathLabel, type StateFolder } from '../state-folder.ts';
import type { StoreKind, StoreStack } from './store-kinds.ts';

export const storeLabels: Readonly<Record<StoreKind, string>> = {
  memory: 'memory',
  pglite: 'PGlite',
  postgres: 'Postgres',
  redis: 'Redis',
  dynamodb: 'DynamoDB',
};

/** The stores as the headline names them. */
export function stackLabel(stack: StoreStack, { database }: Pick<StateFolder, 'database'>): string {
  const where = (kind: StoreKind) => (kind === 'pglite' ? ` in ${pathLabel(database)}` : '');
  return stack.map((kind) => `${storeLabels[kind]}${where(kind)}`).join(' → ');
}
