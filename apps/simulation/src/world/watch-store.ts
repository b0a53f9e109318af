import type { Store } from '@twiceproof/core';
import { check } from '../checkers/check.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

/** A process's store, with what it is answered shown to the invariants. */
export function watchStore(world: World, process: Process, store: Store): Store {
  return {
    ...store,
    async acquire(claim, options) {
      world.claimants.set(claim.token, process);
      const answer = await store.acquire(claim, options);
      check(world, 'claimAnswered', claim, answer);
      world.note(() => `process ${process.index}: claim of ${claim.id} answered ${answer.status}`);
      if (answer.status === 'acquired') world.acknowledged.add(claim.token);
      return answer;
    },
    async complete(id, token, outcome, options) {
      const answer = await store.complete(id, token, outcome, options);
      check(world, 'settlementAnswered', id, token, answer);
      return answer;
    },
  };
}
