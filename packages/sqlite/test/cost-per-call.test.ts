import { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Claim } from '@twiceproof/core';
import { promisesUntilAnswered } from '@twiceproof/counting';
import { newClaim, rivalOf } from '@twiceproof/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { sqliteStore } from '../src/sqlite-store.ts';
import { newFile } from './file.ts';

const calls = 64;
const done = { bytes: new Uint8Array([1, 2, 3]), retentionMs: 60_000 };

interface Cost {
  readonly promises: number;
  readonly statements: number;
}

/** What a call of a tick costs on the average, in counts, which no load of the machine changes. */
async function costOf(
  claims: readonly Claim[],
  ask: (claim: Claim) => Promise<unknown>,
): Promise<Cost> {
  const ran = (['get', 'run', 'all'] as const).map((way) => vi.spyOn(StatementSync.prototype, way));
  const promises = await promisesUntilAnswered(() => Promise.all(claims.map(ask)));
  const statements = ran.reduce((sum, { mock }) => sum + mock.calls.length, 0);
  for (const spy of ran) spy.mockRestore();
  return { promises: promises / calls, statements: statements / calls };
}

test('a claim is five statements, a settlement two and a replay one, and they make few promises', async () => {
  const client = new DatabaseSync(newFile());
  onTestFinished(() => client.close());
  const store = sqliteStore({ client });
  await store.setup();
  // A transaction ends after some milliseconds: here it has all the time that a busy machine takes.
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  onTestFinished(() => clock.mockRestore());
  const claims = Array.from({ length: calls }, () => newClaim());
  const claimed = await costOf(claims, (claim) => store.acquire(claim));
  const settled = await costOf(claims, ({ id, token }) => store.complete(id, token, done));
  const replayed = await costOf(claims, (claim) => store.acquire(rivalOf(claim)));
  // What expired is looked for once in each transaction that writes.
  expect(claimed.statements).toBe(5 + 1 / calls);
  expect(settled.statements).toBe(2 + 1 / calls);
  expect(replayed.statements).toBe(1);
  // Six, two and four, and a few of the runner's.
  expect(claimed.promises).toBeLessThan(7);
  expect(settled.promises).toBeLessThan(3);
  expect(replayed.promises).toBeLessThan(5);
});
