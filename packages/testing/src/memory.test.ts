import { memoryStore } from '@twiceproof/memory';
import { describeStore } from './describe-store.ts';
import { virtualClock } from './virtual-clock.ts';

describeStore(
  'memory in real time',
  async () => {
    const store = memoryStore();
    return { stores: [store, { ...store }], dispose: async () => {} };
  },
  { without: ['setup', 'close', 'damage'], hasStats: true },
);

describeStore(
  'memory in virtual time',
  async () => {
    const clock = virtualClock();
    const store = memoryStore({ clock });
    const advance = (ms: number) => clock.advance(ms);
    return { stores: [store, { ...store }], advance, dispose: async () => {} };
  },
  { without: ['setup', 'close', 'damage'], hasStats: true },
);
