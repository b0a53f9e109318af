import type { Store } from '@twiceproof/core';
import type { VirtualClock } from '@twiceproof/testing/clock';
import type { Chance } from './chance.ts';
import type { SimulatedProcess } from './simulated-process.ts';

const longestDelayMs = 40;

/** The store as one process reaches it: late, sometimes not at all, sometimes without the answer. */
export function overNetwork(
  store: Store,
  world: VirtualClock,
  process: SimulatedProcess,
  chance: Chance,
  faultRate: number,
): Store {
  const travel = <Answer>(send: () => Promise<Answer>): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const lost = chance.happens(faultRate)
        ? chance.pick(['request', 'answer', 'both'] as const)
        : undefined;
      const refuse = (): void => process.whenRunning(() => reject(new Error('connection reset')));
      world.schedule(chance.below(longestDelayMs), () => {
        if (lost === 'request') return refuse();
        const answer = send();
        world.schedule(chance.below(longestDelayMs), () => {
          if (lost === 'answer') return refuse();
          // Neither an answer nor an error: the client has to give up by itself.
          if (lost === 'both') return;
          answer.then(
            (value) => process.whenRunning(() => resolve(value)),
            (error: unknown) => process.whenRunning(() => reject(error)),
          );
        });
      });
    });
  return {
    name: store.name,
    limits: store.limits,
    acquire: (...request) => travel(() => store.acquire(...request)),
    renew: (...request) => travel(() => store.renew(...request)),
    complete: (...request) => travel(() => store.complete(...request)),
    release: (...request) => travel(() => store.release(...request)),
    get: (...request) => travel(() => store.get(...request)),
    delete: (...request) => travel(() => store.delete(...request)),
    list: (...request) => travel(() => store.list(...request)),
  };
}
