import type { Acquisition, Claim, Store } from '@twiceproof/core';
import { check } from '../checkers/check.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

/** A process's store, with what it is answered shown to the invariants. */
export function watchStore(world: World, process: Process, store: Store): Store {
  const noteClaim = (claim: Claim, answer: Acquisition): Acquisition => {
    check(world, 'claimAnswered', claim, answer);
    world.note?.(`process ${process.index}: claim of ${claim.id} answered ${answer.status}`);
    if (answer.status === 'acquired') world.acknowledged.add(claim.token);
    return answer;
  };
  const watched: Store = {
    ...store,
    async acquire(claim, options) {
      world.claimants.set(claim.token, process);
      return noteClaim(claim, await store.acquire(claim, options));
    },
    async complete(id, token, outcome, options) {
      const answer = await store.complete(id, token, outcome, options);
      check(world, 'settlementAnswered', id, token, answer);
      return answer;
    },
  };
  const { atOnce } = store;
  if (!atOnce) return watched;
  return {
    ...watched,
    atOnce: {
      of: watched,
      look: atOnce.look,
      acquire(claim, options) {
        world.claimants.set(claim.token, process);
        return noteClaim(claim, atOnce.acquire(claim, options));
      },
      complete(id, token, outcome, options) {
        const answer = atOnce.complete(id, token, outcome, options);
        check(world, 'settlementAnswered', id, token, answer);
        return answer;
      },
    },
  };
}
