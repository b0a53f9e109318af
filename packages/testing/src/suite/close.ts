import { acquire } from './answers.ts';
import { type StoreSpec, specs } from './store-spec.ts';

export const closeSpecs: readonly StoreSpec[] = specs(
  'close',
  {
    'ends only what is the store’s own: the client goes on working': async ({ open, claim }) => {
      const harness = await open();
      const [one, other] = harness.stores;
      const mine = claim();
      await acquire(one, mine);
      await one.close!();
      await one.close!();
      if (harness.clientWorks) await harness.clientWorks();
      else await one.get(mine.id);
      await acquire(other, claim());
    },
  },
  ['close'],
);
