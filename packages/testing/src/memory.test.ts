import { memoryStore } from '@idemkit/memory';
import { describeStore } from './describe-store.ts';

describeStore(
  'memory in real time',
  async () => {
    const store = memoryStore();
    return { stores: [store, { ...store }], dispose: async () => {} };
  },
  { without: ['setup', 'close', 'damage'] },
);

describeStore(
  'memory in virtual time',
  async () => {
    let now = 0;
    const store = memoryStore({ clock: { now: () => now } });
    return {
      stores: [store, { ...store }],
      advance: (ms) => {
        now += ms;
      },
      dispose: async () => {},
    };
  },
  { without: ['setup', 'close', 'damage'] },
);
