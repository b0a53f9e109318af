import type { Pool } from 'pg';
import { expect, test } from 'vitest';
import { done, newClaim, rivalOf } from '../test/claims.ts';
import { newStore, type TestStore, useDatabases } from '../test/databases.ts';
import type { PostgresStore } from './postgres-store.ts';

const { postgres18 } = useDatabases();

/** A store of the same table whose statements are counted from now on. */
async function counted({ sibling }: TestStore) {
  const pool = (await postgres18.client()) as Pool;
  let count = 0;
  const client = {
    query: (text: string, params?: unknown[]) => pool.query(text, params),
    async connect() {
      const connection = await pool.connect();
      return {
        query: (text: string, params?: unknown[]) => {
          count += 1;
          return connection.query(text, params);
        },
        release: connection.release.bind(connection),
        on: () => {},
        removeListener: () => {},
      };
    },
  };
  const store = await sibling({ client });
  await execute(store);
  return {
    store,
    async statementsOf(act: () => Promise<unknown>): Promise<number> {
      count = 0;
      await act();
      return count;
    },
  };
}

async function execute(store: PostgresStore, claim = newClaim()) {
  expect((await store.acquire(claim)).status).toBe('acquired');
  expect((await store.complete(claim.id, claim.token, done)).status).toBe('done');
  return claim;
}

test('a first execution is two statements, and a replay one', async () => {
  const { store, statementsOf } = await counted(await newStore(postgres18));
  const claim = newClaim();
  expect(await statementsOf(() => execute(store, claim))).toBe(2);
  expect(await statementsOf(() => store.acquire(rivalOf(claim)))).toBe(1);
});

test('a replay in a process that never met the id is two, until replays are expected', async () => {
  const made = await newStore(postgres18);
  const known = await Promise.all(Array.from({ length: 100 }, () => execute(made.store)));
  const { store, statementsOf } = await counted(made);
  const replay = (at: number) => statementsOf(() => store.acquire(rivalOf(known[at]!)));
  expect(await replay(0)).toBe(2);
  for (let at = 1; at < 99; at += 1) await replay(at);
  expect(await replay(99)).toBe(1);
  expect(await statementsOf(() => execute(store))).toBe(3);
});

test('a hundred executions in one tick are a handful of statements', async () => {
  const { store, statementsOf } = await counted(await newStore(postgres18));
  const claims = Array.from({ length: 100 }, () => newClaim());
  const firsts = () => Promise.all(claims.map((claim) => execute(store, claim)));
  expect(await statementsOf(firsts)).toBeLessThanOrEqual(6);
  const replays = () => Promise.all(claims.map((claim) => store.acquire(rivalOf(claim))));
  expect(await statementsOf(replays)).toBeLessThanOrEqual(3);
});

test('ten thousand calls for one record are one claim and one or two reads', async () => {
  const { store, statementsOf } = await counted(await newStore(postgres18));
  const claim = newClaim();
  const calls = () =>
    Promise.all(Array.from({ length: 10_000 }, () => store.acquire(rivalOf(claim))));
  expect(await statementsOf(calls)).toBeLessThanOrEqual(3);
});
