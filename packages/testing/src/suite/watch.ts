import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Claim, Store } from '@twiceproof/core';
import { within } from '@twiceproof/core/toolkit';
import { acquire, done } from './answers.ts';
import { failure, outcome } from './endings.ts';
import type { StoreContext } from './store-context.ts';
import { type StoreSpec, specs } from './store-spec.ts';

const patienceMs = 10_000;

/** Watches with one client while the other acts; fails if nobody wakes the watcher. */
async function wakes(
  { stores: [one, other], claim }: StoreContext,
  act: (store: Store, claim: Claim) => Promise<unknown>,
): Promise<void> {
  const mine = claim();
  await acquire(one, mine);
  const controller = new AbortController();
  const woken = one.watch!(mine.id, controller.signal).then(() => 'woken');
  // The subscription may take its time; nothing here depends on how long.
  await sleep(100);
  await act(other, mine);
  const answer = await within(woken, patienceMs, () => 'asleep');
  controller.abort();
  await woken;
  assert.equal(answer, 'woken');
}

export const watchSpecs: readonly StoreSpec[] = specs(
  'watch',
  {
    'resolves when the record is completed': (context) =>
      wakes(context, async (store, { id, token }) => {
        done(await store.complete(id, token, outcome('done')));
      }),

    'resolves when the attempt ended as unknown': (context) =>
      wakes(context, async (store, { id, token }) => {
        done(await store.release(id, token, failure('who knows', { unknown: true })));
      }),

    'resolves when the attempt failed': (context) =>
      wakes(context, async (store, { id, token }) => {
        done(await store.release(id, token, failure('try again')));
      }),

    'resolves when the record is deleted': (context) =>
      wakes(context, async (store, { id }) => {
        assert.equal(await store.delete(id), true);
      }),

    'resolves, and does not reject, when the signal aborts': async ({ stores: [store], claim }) => {
      const mine = claim();
      await acquire(store, mine);
      const controller = new AbortController();
      const watching = store.watch!(mine.id, controller.signal);
      await sleep(50);
      controller.abort(new Error('no longer waiting'));
      await watching;
      await store.watch!(mine.id, AbortSignal.abort());
    },

    'wakes every watcher of the record': async ({ stores: [one, other], claim }) => {
      const mine = claim();
      await acquire(one, mine);
      const controller = new AbortController();
      const watchers = [one, one, other].map((store) => store.watch!(mine.id, controller.signal));
      const woken = Promise.all(watchers).then(() => 'woken');
      await sleep(100);
      done(await other.complete(mine.id, mine.token, outcome('done')));
      const answer = await within(woken, patienceMs, () => 'asleep');
      controller.abort();
      await woken;
      assert.equal(answer, 'woken');
    },
  },
  ['watch'],
);
