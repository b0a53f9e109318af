import type { Claim } from '@twiceproof/core';
import { newClaim, rivalOf } from '@twiceproof/testing';
import { expect, test } from 'vitest';
import { claimsMetTogether, done, failure } from '../test/claims.ts';
import { counted } from '../test/counted.ts';
import { newStore, useDatabases } from '../test/databases.ts';
import type { PostgresStore } from './postgres-store.ts';

const { postgres18 } = useDatabases();

async function execute(store: PostgresStore, claim = newClaim()) {
  expect((await store.acquire(claim)).status).toBe('acquired');
  expect((await store.complete(claim.id, claim.token, done)).status).toBe('done');
  return claim;
}

test('a first execution is two statements, and a replay or a conflict one', async () => {
  const { store, statementsOf } = await counted(postgres18, await newStore(postgres18));
  const live = newClaim();
  await store.acquire(live);
  expect(await statementsOf(() => store.acquire(rivalOf(live)))).toBe(1);
  const claim = newClaim();
  expect(await statementsOf(() => execute(store, claim))).toBe(2);
  expect(await statementsOf(() => store.acquire(rivalOf(claim)))).toBe(1);
});

test('a replay in a process that never met the id is two, until replays are expected', async () => {
  const made = await newStore(postgres18);
  const known = await Promise.all(Array.from({ length: 100 }, () => execute(made.store)));
  const { store, statementsOf } = await counted(postgres18, made);
  const replay = (at: number) => statementsOf(() => store.acquire(rivalOf(known[at]!)));
  expect(await replay(0)).toBe(2);
  for (let at = 1; at < 99; at += 1) await replay(at);
  expect(await replay(99)).toBe(1);
  expect(await statementsOf(() => execute(store))).toBe(3);
});

test('of each kind, what a hundred calls ask for in one tick is one statement', async () => {
  const { store, statementsOf } = await counted(postgres18, await newStore(postgres18));
  const together = claimsMetTogether(128);
  const [claims, failing] = [together.slice(0, 100), together.slice(100)];
  const all = async (ask: (claim: Claim) => Promise<unknown>, asked = claims) =>
    statementsOf(() => Promise.all(asked.map(ask)));
  expect(await all((claim) => store.acquire(claim), together)).toBe(1);
  expect(await all(({ id, token }) => store.renew(id, token, 60_000))).toBe(1);
  const settlements = () =>
    Promise.all([
      ...claims.map(({ id, token }) => store.complete(id, token, done)),
      ...failing.map(({ id, token }) => store.release(id, token, failure)),
    ]);
  expect(await statementsOf(settlements)).toBe(1);
  expect(await all((claim) => store.acquire(rivalOf(claim)))).toBe(1);
  expect(await all(({ id }) => store.get(id))).toBe(1);
});

test('ten thousand calls for one record are one claim and one or two reads', async () => {
  const { store, statementsOf } = await counted(postgres18, await newStore(postgres18));
  const claim = newClaim();
  const calls = () =>
    Promise.all(Array.from({ length: 10_000 }, () => store.acquire(rivalOf(claim))));
  expect(await statementsOf(calls)).toBeLessThanOrEqual(3);
});
