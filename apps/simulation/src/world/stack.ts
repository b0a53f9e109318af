import { type Store, tiered } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import type { Chance } from '../chance.ts';
import type { Process } from './process.ts';

export const tierMaxAgeMs = 400;

/** A tier of this process in front of the authority: now and then it fails, or does not answer. */
export function stackOn(
  authority: Store,
  process: Process,
  chance: Chance,
  faultRate: number,
  mutate: (fast: Store) => Store,
): Store {
  const now = (): number => process.clock.now() + process.skewMs;
  const memory = memoryStore({ clock: { now: process.clock.now, epoch: () => 0 } });
  const flaky = <Args extends unknown[], Answer>(ask: (...args: Args) => Promise<Answer>) => {
    return (...args: Args): Promise<Answer> => {
      if (!chance.happens(faultRate)) return ask(...args);
      if (chance.happens(0.5)) return Promise.reject(new Error('the tier fails'));
      return new Promise((resolve) => {
        process.clock.schedule(chance.below(60), () => resolve(ask(...args)));
      });
    };
  };
  const fast: Store = {
    ...memory,
    get: flaky(memory.get),
    fill: flaky(memory.fill),
    // What cannot be forgotten is served for as long as the tier may be stale.
    delete: memory.delete,
  };
  const tier = { store: mutate(fast), maxAge: tierMaxAgeMs, timeout: 40 };
  return tiered([tier, authority], { now, clock: process.clock });
}
