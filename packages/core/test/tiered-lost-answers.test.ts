import { createIdempotency, type Store, tiered } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { expect, it } from 'vitest';
import { settled } from './deployed.ts';

it.each(['delete', 'extend', 'release'] as const)(
  'a tiered store forgets its copies where the answer to %s was lost',
  async (action) => {
    const kept = memoryStore();
    const authority: Store = { ...kept };
    const tier = memoryStore();
    const { wrap, records } = createIdempotency({
      environment: 'test',
      store: tiered([tier, authority]),
      storeTimeout: 200,
    });
    const once = wrap(async (_id: string) => 'ok', { operation: 'work', key: (id) => id });
    await once('a');
    await settled();
    const id = await once.idOf('a');
    expect(await tier.get(id)).toBeDefined();
    const lost = new Error('ECONNRESET');
    Object.assign(authority, {
      async acquire(...request) {
        await kept.acquire(...request);
        throw lost;
      },
      async delete(...request) {
        await kept.delete(...request);
        throw lost;
      },
      async extend(...request) {
        await kept.extend(...request);
        throw lost;
      },
    } satisfies Partial<Store>);
    const change = action === 'extend' ? records.extend(id, '1h') : records[action](id);
    await expect(change).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await tier.get(id)).toBeUndefined();
  },
);
