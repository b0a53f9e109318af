import { setTimeout as elapsed } from 'node:timers/promises';
import type { Claim, Settlement, Store } from '@twiceproof/core';
import { newClaim } from '@twiceproof/testing';
import { expect, test } from 'vitest';
import type { MysqlClient } from '../src/client.ts';
import { mysqlStore } from '../src/index.ts';
import { done, failure } from './endings.ts';
import { endPools, newPool, newStore } from './new-store.ts';

endPools();

/** A pool whose next UPDATE is held up on its way, after what it follows from was read. */
function holdingUp() {
  const pool = newPool();
  const reached = Promise.withResolvers<void>();
  const goesOn = Promise.withResolvers<void>();
  const client: MysqlClient = {
    async getConnection() {
      const connection = await pool.getConnection();
      return {
        async execute(statement) {
          if (/^UPDATE/.test(String((statement as { sql: string }).sql))) {
            reached.resolve();
            await goesOn.promise;
          }
          return connection.execute(statement as never);
        },
        query: (statement) => connection.query(statement),
        release: () => connection.release(),
        destroy: () => connection.destroy(),
      };
    },
  };
  return { client, reached: reached.promise, letGo: () => goesOn.resolve() };
}

type End = (store: Store, claim: Claim) => Promise<Settlement>;

const endings: Readonly<Record<string, End>> = {
  completion: (store, { id, token }) => store.complete(id, token, done),
  release: (store, { id, token }) => store.release(id, token, failure),
};

for (const [what, end] of Object.entries(endings)) {
  test(`a ${what} that comes after a later try was refused as expired changes nothing`, async () => {
    const { store, client: pool, table } = await newStore();
    const { client, reached, letGo } = holdingUp();
    const claim = newClaim({ leaseMs: 2_000, retentionMs: 100 });
    await store.acquire(claim);
    const first = end(mysqlStore({ client, table }), claim);
    await reached;
    await elapsed(2_300);
    expect(await end(store, claim)).toEqual({ status: 'lost' });
    letGo();
    expect(await first).toEqual({ status: 'lost' });
    expect(await store.get(claim.id)).toBeUndefined();
    const [rows] = await pool.query(`SELECT rev FROM ${table}`);
    expect(rows).toEqual([{ rev: 0 }]);
  });
}
