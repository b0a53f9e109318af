import { newClaim, rivalOf } from '@twiceproof/testing';
import type { Pool } from 'pg';
import { describe, expect, test } from 'vitest';
import { done } from '../test/claims.ts';
import { newStore, type TestStore, useDatabases } from '../test/databases.ts';
import type { PostgresStore } from './postgres-store.ts';

const { postgres18, postgres15 } = useDatabases();

interface Prepared {
  readonly name: string;
  readonly statement: string;
}

/** What the only connection of the store keeps prepared. */
async function preparedOn({ rows }: TestStore): Promise<Prepared[]> {
  return rows<Prepared>('SELECT name, statement FROM pg_prepared_statements ORDER BY name');
}

async function execute(store: PostgresStore) {
  const claim = newClaim();
  expect((await store.acquire(claim)).status).toBe('acquired');
  expect((await store.renew(claim.id, claim.token, 70_000))?.remainingMs).toBeGreaterThan(60_000);
  expect((await store.complete(claim.id, claim.token, done)).status).toBe('done');
  expect((await store.acquire(rivalOf(claim))).record.outcome).toEqual(Buffer.from(done.bytes));
  return claim;
}

/** Executes until what is prepared is as wished: the size of the table is asked for now and then. */
async function executeUntil(made: TestStore, isAsWished: (prepared: Prepared[]) => boolean) {
  for (;;) {
    await execute(made.store);
    const prepared = await preparedOn(made);
    if (isAsWished(prepared)) return prepared;
  }
}

for (const database of [postgres18, postgres15]) {
  describe(`statements on ${database.name}`, () => {
    test('of the common path are prepared once per connection, by names that say their text', async () => {
      const made = await newStore(database, { config: { max: 1 }, notify: false });
      const prepared = await executeUntil(made, ({ length }) => length >= 4);
      const kinds = prepared.map(({ statement }) => /\S+/.exec(statement)![0]).toSorted();
      expect(kinds).toEqual(['INSERT', 'SELECT', 'UPDATE', 'UPDATE']);
      for (const { name } of prepared) expect(name).toMatch(/^twiceproof_[0-9a-f]{24}_0$/);
      for (let count = 0; count < 20; count += 1) await execute(made.store);
      expect(await preparedOn(made)).toEqual(prepared);
    });

    test('that were prepared and are lost are sent again, and none is prepared any more', async () => {
      const made = await newStore(database, { config: { max: 1 }, notify: false });
      await executeUntil(made, ({ length }) => length >= 4);
      await (made.client as Pool).query('DEALLOCATE ALL');
      await execute(made.store);
      await execute(made.store);
      expect(await preparedOn(made)).toEqual([]);
    });

    test('that a session has prepared for another client are sent all the same', async () => {
      const made = await newStore(database, { config: { max: 1 }, notify: false });
      const prepared = await executeUntil(made, ({ length }) => length >= 4);
      const client = (await database.client({ max: 1 })) as Pool;
      for (const { name } of prepared) await client.query(`PREPARE ${name} AS SELECT 1`);
      const store = await made.sibling({ client });
      for (let count = 0; count < 10; count += 1) await execute(store);
    });

    test('are prepared nowhere where that is turned off', async () => {
      const config = { config: { max: 1 }, notify: false };
      const made = await newStore(database, config);
      const store = await made.sibling({ client: made.client, prepare: false });
      for (let count = 0; count < 10; count += 1) await execute(store);
      // What the pool is asked between two executions would be prepared by now.
      await executeUntil(made, ({ length }) => length >= 4);
      const before = await preparedOn(made);
      for (let count = 0; count < 10; count += 1) await execute(store);
      expect(await preparedOn(made)).toEqual(before);
    });

    test('find a record by its index, although they were planned when the table had a single page', async () => {
      const made = await newStore(database, { config: { max: 1 }, notify: false });
      const { rows, table } = made;
      await execute(made.store);
      await rows(`ALTER TABLE ${table} SET (autovacuum_enabled = false)`);
      await rows(`ANALYZE ${table}`);
      const small = await executeUntil(made, ({ length }) => length >= 4);
      for (let count = 0; count < 10; count += 1) await execute(made.store);
      const planOf = async ({ name }: Prepared) => {
        const found = await rows<{ 'QUERY PLAN': string }>(`EXPLAIN EXECUTE ${name} ('x', NULL)`);
        return found.map((line) => line['QUERY PLAN']).join('\n');
      };
      const read = ({ statement }: Prepared) => statement.trimStart().startsWith('SELECT');
      // Otherwise there is nothing to outgrow.
      expect(await planOf(small.find(read)!)).toContain('Seq Scan');
      const columns =
        'environment, operation, token, run, fence, created_at, started_at, attempt, format_version, lease_until, status';
      await rows(
        `INSERT INTO ${table} (id, ${columns})
         SELECT 'more' || n, ${columns} FROM (SELECT ${columns} FROM ${table} LIMIT 1) AS one, generate_series(1, 5000) AS n`,
      );
      const all = await executeUntil(made, ({ length }) => length >= 8);
      for (let count = 0; count < 10; count += 1) await execute(made.store);
      const grown = all.filter((each) => !small.some(({ name }) => name === each.name));
      expect(await planOf(grown.find(read)!)).toMatch(/Index (Only )?Scan/);
    });
  });
}
