import { IdempotencyError } from '@twiceproof/core';
import { session } from './sql/session.ts';
import type { StoreContext } from './store-context.ts';

const oldestVersion = 140_000;

/**
 * Checks, once, that statements run at READ COMMITTED. At a stricter default level most contended
 * claims would end in a serialization failure.
 *
 * @throws IdempotencyError `STORE_UNAVAILABLE` with the setting to change.
 */
export function createSessionCheck({ requests }: StoreContext): () => Promise<void> | undefined {
  let checking: Promise<void> | undefined;
  let isChecked = false;
  const check = async () => {
    const row = await requests.one(session, []);
    if (Number(row?.server_version) < oldestVersion) {
      throw new IdempotencyError('STORE_UNAVAILABLE', 'Postgres is older than 14; upgrade it');
    }
    const isolation = String(row?.isolation);
    if (isolation !== 'read committed') {
      throw new IdempotencyError(
        'STORE_UNAVAILABLE',
        `statements run at ${isolation}; the store needs read committed: ALTER ROLE … SET default_transaction_isolation = 'read committed', or give the pool options: '-c default_transaction_isolation=read\\ committed'`,
      );
    }
    isChecked = true;
  };
  return () => {
    if (isChecked) return undefined;
    checking ??= check().finally(() => {
      checking = undefined;
    });
    return checking;
  };
}
