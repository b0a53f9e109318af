import { acquire } from './answers.ts';
import { changesNothing } from './snapshot.ts';
import { type StoreSpec, specs } from './store-spec.ts';

export const setupSpecs: readonly StoreSpec[] = specs(
  'setup',
  {
    'may run again, and changes no record': async ({ stores: [one, other], claim }) => {
      const mine = claim();
      await acquire(one, mine);
      await changesNothing(one, mine.id, async () => {
        for (const store of [one, one, other]) await store.setup!();
      });
    },

    'may run several times at once': async ({ stores, claim }) => {
      await Promise.all(Array.from({ length: 8 }, (_, at) => stores[at % 2]!.setup!()));
      await acquire(stores[0], claim());
    },
  },
  ['setup'],
);
