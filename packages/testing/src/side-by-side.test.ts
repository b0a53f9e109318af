import { memoryStore } from '@twiceproof/memory';
import { describeStore } from './describe-store.ts';

// Each of its operations removes what has expired, whichever test that was of.
describeStore(
  'memory, with tests side by side',
  async () => {
    const store = memoryStore();
    return { stores: [store, store], dispose: async () => {} };
  },
  {
    without: ['setup', 'close', 'damage'],
    hasStats: true,
    parallel: true,
    contention: { rounds: 1, claims: 2 },
  },
);
