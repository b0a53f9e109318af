import { type Invalidation, type Store, tiered } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { describeStore, type StoreCapabilities } from '@twiceproof/testing';
import { type BackendName, startBackend } from './backends.ts';

type Stack = readonly [...BackendName[]];

const stacks: readonly Stack[] = [
  ['memory', 'redis'],
  ['memory', 'dynamodb'],
  ['memory', 'redis', 'dynamodb'],
  ['memory', 'postgres'],
  ['redis', 'postgres'],
];

/** Processes of one machine that tell each other what changed. */
function bus(): () => Invalidation {
  const listeners = new Set<(id: string) => void>();
  return () => {
    let own: ((id: string) => void) | undefined;
    return {
      async publish(id) {
        for (const listener of listeners) if (listener !== own) listener(id);
      },
      subscribe(forget) {
        own = forget;
        listeners.add(forget);
        return () => listeners.delete(forget);
      },
    };
  };
}

function capabilitiesOf(stack: Stack): StoreCapabilities {
  const authority = stack.at(-1);
  const isDynamodb = authority === 'dynamodb';
  return {
    without: ['fill', 'damage', ...(isDynamodb ? (['watch'] as const) : [])],
    hasStats: authority === 'postgres',
    parallel: true,
    // It is the last store that decides, and its own suite asks it more often.
    contention: { rounds: 20, claims: 50 },
    ...(isDynamodb && { clockMarginMs: 2_000 }),
  };
}

for (const stack of stacks) {
  describeStore(
    stack.join(' → '),
    async () => {
      const backends = await Promise.all(stack.map((name) => startBackend[name]()));
      const joinBus = bus();
      const open = async (): Promise<Store> => {
        const stores: Store[] = [];
        for (const [at, backend] of backends.entries()) {
          // Each process has a memory of its own.
          stores.push(stack[at] === 'memory' ? memoryStore() : await backend.open());
        }
        return tiered(stores, { invalidation: joinBus() });
      };
      const stores = [await open(), await open()] as const;
      return {
        stores,
        async dispose() {
          for (const backend of backends) await backend.stop();
        },
      };
    },
    capabilitiesOf(stack),
  );
}
