import type { Mutant } from './mutant.ts';

/** Stores that are wrong where several callers share a request. */
export const batchMutants: readonly Mutant[] = [
  {
    name: 'answer given to its neighbour',
    fault: 'takes the answers of one request in another order than its items',
    caughtBy: [
      'key computed once',
      'injective ids',
      'own-write recognition',
      'one start per claim',
      'fail closed',
    ],
    batch: { answers: ([first, ...others]) => [...others, first] },
  },
  {
    name: 'lost answer taken for a failure',
    fault: 'takes settlements for refused when the answer of the request that they shared was lost',
    caughtBy: ['own-write recognition', 'never freed after success'],
    batch: { lost: (what) => (what === 'settle' ? { status: 'lost' } : undefined) },
  },
];
