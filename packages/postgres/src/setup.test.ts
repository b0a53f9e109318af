import { newClaim } from '@twiceproof/testing';
import { describe, expect, test } from 'vitest';
import { newSchema, newStore, useDatabases } from '../test/databases.ts';
import { postgresStore } from './postgres-store.ts';
import { setupSql } from './setup-sql.ts';

const { pglite, postgres18, postgres15, all } = useDatabases();

for (const database of all) {
  describe(`setup on ${database.name}`, () => {
    test('raced from eight clients, works for all of them', async () => {
      for (let round = 0; round < 3; round += 1) {
        const schema = newSchema();
        const clients = await Promise.all(Array.from({ length: 8 }, () => database.client()));
        const stores = clients.map((client) => postgresStore({ client, schema }));
        await Promise.all(stores.map((store) => store.setup()));
        const answer = await stores[7]!.acquire(newClaim());
        expect(answer.status).toBe('acquired');
        for (const store of stores) await store.close();
      }
    });

    test('of several tables of one schema at once makes them all', async () => {
      const schema = newSchema();
      const clients = await Promise.all(Array.from({ length: 4 }, () => database.client()));
      const stores = clients.map((client, at) =>
        postgresStore({ client, schema, table: `records_${at}` }),
      );
      await Promise.all(stores.map((store) => store.setup()));
      const claim = newClaim();
      // Tables of one schema keep their records apart.
      for (const store of stores) expect((await store.acquire(claim)).record.attempt).toBe(1);
    });

    test('again changes nothing', async () => {
      const { store, rows, table } = await newStore(database);
      const { record } = await store.acquire(newClaim());
      await store.setup();
      expect(await rows(`SELECT id FROM ${table}`)).toEqual([{ id: record.id }]);
    });

    test('of names with upper case, and of words that SQL keeps, uses exactly them', async () => {
      const client = await database.client();
      const schema = `Select${newSchema()}`;
      const store = postgresStore({ client, schema, table: 'User' });
      await store.setup();
      await store.acquire(newClaim());
      const { rows } = await client.query(`SELECT count(*)::int AS count FROM "${schema}"."User"`);
      expect(rows).toEqual([{ count: 1 }]);
    });
  });
}

for (const database of [postgres18, postgres15]) {
  test(`setupSql does on ${database.name} what setup does, also twice`, async () => {
    const client = await database.client();
    const schema = newSchema();
    await client.query(setupSql({ schema }));
    await client.query(setupSql({ schema }));
    const store = postgresStore({ client, schema });
    await store.setup();
    expect((await store.acquire(newClaim())).status).toBe('acquired');
    const made = await newStore(database);
    const columns = (of: string) =>
      client.query(
        `SELECT table_name, column_name, data_type FROM information_schema.columns
         WHERE table_schema = $1 ORDER BY 1, ordinal_position`,
        [of],
      );
    expect((await columns(schema)).rows).toEqual((await columns(made.schema)).rows);
  });

  test(`a role on ${database.name} that may create nothing can call setup once it was done`, async () => {
    const { schema, rows, table } = await newStore(database);
    const role = `${schema}_app`;
    await rows(`CREATE ROLE ${role} LOGIN`);
    await rows(`GRANT USAGE ON SCHEMA ${schema} TO ${role}`);
    await rows(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO ${role}`);
    await rows(
      `GRANT SELECT, INSERT, UPDATE ON "${schema}".twiceproof_records_watchers TO ${role}`,
    );
    await rows(`GRANT USAGE ON SEQUENCE "${schema}".twiceproof_records_fence TO ${role}`);
    await rows(`GRANT SELECT ON "${schema}".twiceproof_records_migrations TO ${role}`);
    const client = await database.client({ options: `-c role=${role}` });
    const store = postgresStore({ client, schema });
    await store.setup();
    const claim = newClaim();
    expect((await store.acquire(claim)).status).toBe('acquired');
    expect(await store.delete(claim.id)).toBe(true);
    const elsewhere = postgresStore({ client, schema: newSchema() });
    await expect(elsewhere.setup()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
}

test('a table that is missing is said to need setup', async () => {
  const store = postgresStore({ client: await pglite.client(), schema: newSchema() });
  const missing = { code: 'STORE_UNAVAILABLE', message: expect.stringContaining('store.setup()') };
  await expect(store.acquire(newClaim())).rejects.toMatchObject(missing);
  await expect(store.get('any')).rejects.toMatchObject(missing);
  await expect(store.list({ limit: 1 })).rejects.toMatchObject(missing);
  await expect(store.sweep()).rejects.toMatchObject(missing);
});
