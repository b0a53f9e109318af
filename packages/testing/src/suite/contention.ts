import assert from 'node:assert/strict';
import type { Acquisition, Claim } from '@twiceproof/core';
import { acquire, done } from './answers.ts';
import { failure } from './endings.ts';
import type { StoreContext } from './store-context.ts';
import { type StoreSpec, specs } from './store-spec.ts';

/** Claims one record id from both clients at once; answers who got it. */
async function contend(context: StoreContext, first: Claim, count: number): Promise<Acquisition> {
  const { stores, rival } = context;
  const claims = Array.from({ length: count }, () => rival(first));
  const answers = await Promise.all(claims.map((claim, at) => stores[at % 2]!.acquire(claim)));
  const winners = answers.filter((answer) => answer.status === 'acquired');
  assert.equal(winners.length, 1, `${count} parallel claims, but ${winners.length} were granted`);
  const [winner] = winners as [Acquisition];
  for (const { record } of answers) {
    assert.equal(record.id, first.id);
    if (record.status === 'in_progress' && record.attempt === winner.record.attempt) {
      assert.equal(record.token, winner.record.token, 'everybody sees the same owner');
    }
  }
  return winner;
}

export const contentionSpecs: readonly StoreSpec[] = specs('contention', {
  'of parallel claims of a free record, exactly one is granted': async (context) => {
    const { rounds, claims } = context.contention;
    for (let round = 0; round < rounds; round += 1) {
      await contend(context, context.claim(), claims);
    }
  },

  'of parallel claims of a failed record, exactly one is granted': async (context) => {
    const { rounds, claims } = context.contention;
    const [store] = context.stores;
    const mine = context.claim();
    let { token } = await acquire(store, mine);
    for (let attempt = 2; attempt <= Math.ceil(rounds / 10) + 1; attempt += 1) {
      done(await store.release(mine.id, token, failure('try again')));
      const { record } = await contend(context, mine, claims);
      assert.equal(record.attempt, attempt);
      token = record.token;
    }
  },

  'of parallel claims of an abandoned record, exactly one is granted': async (context) => {
    const { rounds, claims } = context.contention;
    const abandoned = Array.from({ length: Math.ceil(rounds / 10) }, () =>
      context.claim({ leaseMs: context.shortMs }),
    );
    await Promise.all(abandoned.map((mine, at) => acquire(context.stores[at % 2]!, mine)));
    await context.outlast(context.shortMs);
    for (const mine of abandoned) {
      const { record } = await contend(context, { ...mine, leaseMs: 60_000 }, claims);
      assert.equal(record.attempt, 2);
    }
  },
});
