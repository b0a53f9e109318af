import assert from 'node:assert/strict';
import { isIdempotencyError, type Store } from '@twiceproof/core';
import type { StoreHarness } from '../store-harness.ts';
import { acquire, acquired, alreadyDone, done } from './answers.ts';
import { failure, outcome } from './endings.ts';
import type { StoreContext } from './store-context.ts';
import { type StoreSpec, specs } from './store-spec.ts';

/** A harness of the spec's own: others must not meet its failovers. */
async function failingOver({ open }: StoreContext): Promise<{
  readonly stores: StoreHarness['stores'];
  readonly failOver: () => Promise<void>;
}> {
  const harness = await open();
  assert.ok(
    harness.failOver,
    'the harness needs failOver(); if a server cannot be made to refuse writes, leave canFailOver out',
  );
  return { stores: harness.stores, failOver: () => harness.failOver!() };
}

/** Asks as core does: a fault that is not coded passes, so the request is sent again. */
async function ask<Answer>({ eventually }: StoreContext, send: () => Promise<Answer>) {
  const { answer } = await eventually('an answer from another connection', async () => {
    try {
      return { answer: await send() };
    } catch (fault) {
      if (isIdempotencyError(fault)) throw fault;
      return undefined;
    }
  });
  return answer;
}

/** Later tries may find that an earlier one has landed. */
const landed: readonly string[] = ['done', 'already_done'];

export const wrongServerSpecs: readonly StoreSpec[] = specs(
  'wrong server',
  {
    'a claim is made over another connection, and is there for everybody': async (context) => {
      const { stores, failOver } = await failingOver(context);
      const [one, other] = stores;
      await one.get(context.claim().id);
      await failOver();
      const mine = context.claim();
      acquired(await ask(context, () => one.acquire(mine)));
      done(await other.complete(mine.id, mine.token, outcome('done')));
    },

    'a renewal, a completion and a release are': async (context) => {
      const { stores, failOver } = await failingOver(context);
      const [one, other] = stores;
      const [renewed, completed, released] = [context.claim(), context.claim(), context.claim()];
      for (const mine of [renewed, completed, released]) await acquire(one, mine);

      await failOver();
      assert.ok(await ask(context, () => one.renew(renewed.id, renewed.token, 600_000)));

      await failOver();
      const complete = (store: Store) =>
        store.complete(completed.id, completed.token, outcome('done'));
      const completion = await ask(context, () => complete(one));
      assert.ok(landed.includes(completion.status));
      alreadyDone(await complete(other));

      await failOver();
      const release = (store: Store) =>
        store.release(released.id, released.token, failure('again'));
      const ended = await ask(context, () => release(one));
      assert.ok(landed.includes(ended.status));
      alreadyDone(await release(other));
    },

    'a deletion is': async (context) => {
      const { stores, failOver } = await failingOver(context);
      const [one, other] = stores;
      const mine = context.claim();
      await acquire(one, mine);
      await failOver();
      await ask(context, () => one.delete(mine.id));
      acquired(await other.acquire(context.rival(mine)));
    },
  },
  ['failOver'],
);
