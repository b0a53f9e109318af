import type { Settlement, StoredRecord } from '@twiceproof/core';
import { newClaim } from '@twiceproof/testing';
import type { Pool } from 'pg';
import { expect, test } from 'vitest';
import { done, failure } from '../test/claims.ts';
import { newStore, useDatabases } from '../test/databases.ts';
import type { PostgresStore } from './postgres-store.ts';

const { all, postgres18 } = useDatabases();

/** One of each kind: completed after a renewal, failed, and ended as unknown. */
async function settlementsOf(claiming: PostgresStore, settling: PostgresStore) {
  const [completed, failed, unknown] = [newClaim(), newClaim(), newClaim({ scope: 'tenant' })];
  for (const claim of [completed, failed, unknown]) await claiming.acquire(claim);
  await claiming.renew(completed.id, completed.token, 90_000);
  const lastError = { name: 'Error', message: 'with \0 in it' };
  return [
    await settling.complete(completed.id, completed.token, { ...done, lastError }),
    await settling.release(failed.id, failed.token, failure),
    await settling.release(unknown.id, unknown.token, { ...failure, unknown: true }),
  ];
}

async function expectKept(store: PostgresStore, settlements: readonly Settlement[]) {
  for (const settlement of settlements) {
    expect(settlement.status).toBe('done');
    const { record } = settlement as { record: StoredRecord };
    const { outcome, ...kept } = (await store.get(record.id))!;
    expect(record).toMatchObject(kept);
  }
}

test.each(all)(
  'a settlement answers the record as $name keeps it, whoever claimed it',
  async (database) => {
    const { store, sibling } = await newStore(database);
    await expectKept(store, await settlementsOf(store, store));
    await expectKept(store, await settlementsOf(store, await sibling()));
  },
);

test('the answer to a settlement has nothing in it that the claimant knows', async () => {
  const { sibling } = await newStore(postgres18);
  const client = (await postgres18.client()) as Pool;
  const store = await sibling({ client });
  const columns: number[] = [];
  client.on('connect', (connection) => {
    const { query } = connection;
    connection.query = async (...args: unknown[]) => {
      const answer = await Reflect.apply(query, connection, args);
      const [asked] = args as [string | { text: string }];
      const text = typeof asked === 'string' ? asked : asked.text;
      if (text.includes('UPDATE')) columns.push(answer.fields.length);
      return answer;
    };
  });
  await settlementsOf(store, store);
  // One packed text each, and of the settlements whether they notified.
  expect(columns).toEqual([1, 1, 1, 1, 2, 2, 2]);
});
