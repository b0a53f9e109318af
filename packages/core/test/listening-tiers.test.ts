import { createIdempotency, type Store, tiered } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { expect, test, vi } from 'vitest';
import { settled } from './deployed.ts';

const options = { operation: 'work', key: (id: string) => id };

/** A tier whose process may miss what others change. */
function deafProcess(complete: (memory: Store) => Store['complete'] = (memory) => memory.complete) {
  const hearing = { isListening: false };
  const memory = memoryStore();
  const acquire = vi.fn(memory.acquire);
  const tier = memoryStore();
  const store = tiered([tier, { ...memory, acquire, complete: complete(memory) }], {
    invalidation: {
      publish: async () => {},
      subscribe: () => () => {},
      get isListening() {
        return hearing.isListening;
      },
    },
  });
  const { wrap } = createIdempotency({ environment: 'test', store });
  return { hearing, acquire, tier, once: wrap(async (_id: string) => 'ok', options) };
}

test('tiers are neither asked nor filled while changes made elsewhere may be missed', async () => {
  const { hearing, acquire, once } = deafProcess();
  const asksTheAuthority = async () => {
    acquire.mockClear();
    expect(await once('a')).toBe('ok');
    await settled();
    return acquire.mock.calls.length > 0;
  };
  expect(await asksTheAuthority()).toBe(true);
  hearing.isListening = true;
  expect(await asksTheAuthority(), 'the tier was not filled').toBe(true);
  expect(await asksTheAuthority()).toBe(false);
  hearing.isListening = false;
  expect(await asksTheAuthority()).toBe(true);
});

test('a copy that was read before is not taken: it may have changed unheard', async () => {
  const { hearing, tier, once } = deafProcess((memory) => async (...request) => {
    const settlement = await memory.complete(...request);
    hearing.isListening = true;
    return settlement;
  });
  await once('a');
  await settled();
  expect(hearing.isListening).toBe(true);
  expect(await tier.get(await once.idOf('a'))).toBeUndefined();
});
