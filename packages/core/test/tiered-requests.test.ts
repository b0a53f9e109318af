import { createIdempotency, type Store, tiered } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { expect, it } from 'vitest';
import { settled } from './deployed.ts';

/** A store that has to be waited for, and that notes what it is asked. */
function askedStore(name: string, asked: string[]): Store {
  const { atOnce: _atOnce, ...store } = memoryStore();
  const noted = Object.entries(store).map(([method, value]) => [
    method,
    typeof value !== 'function'
      ? value
      : (...given: unknown[]) => {
          asked.push(`${method} ${name}`);
          return Reflect.apply(value, store, given);
        },
  ]);
  return Object.fromEntries(noted) as Store;
}

function stacked() {
  const asked: string[] = [];
  const authority = askedStore('authority', asked);
  const process = () => {
    const store = tiered([askedStore('fast tier', asked), authority]);
    const { wrap } = createIdempotency({ environment: 'test', store, inProgress: 'reject' });
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const charge = wrap(async (id: string) => (id === 'slow' ? released : undefined), {
      operation: 'charge',
      key: (id) => id,
    });
    return { charge, release };
  };
  return {
    here: process(),
    there: process(),
    /** All that both stores are asked, also by what a call leaves behind. */
    async requestsOf(call: () => Promise<unknown>): Promise<string[]> {
      asked.length = 0;
      await call();
      await settled();
      return [...asked];
    },
  };
}

it('of a stack, a first execution asks the authority twice, and fills the fast tier once', async () => {
  const { here, requestsOf } = stacked();
  expect(await requestsOf(() => here.charge('a'))).toEqual([
    'get fast tier',
    'acquire authority',
    'complete authority',
    'fill fast tier',
  ]);
});

it('a replay asks the fast tier once, and where that does not know it, the authority once', async () => {
  const { here, there, requestsOf } = stacked();
  await requestsOf(() => here.charge('a'));
  expect(await requestsOf(() => here.charge('a'))).toEqual(['get fast tier']);
  expect(await requestsOf(() => there.charge('a'))).toEqual([
    'get fast tier',
    'acquire authority',
    'fill fast tier',
  ]);
  expect(await requestsOf(() => there.charge('a'))).toEqual(['get fast tier']);
});

it('a conflict asks each of them once', async () => {
  const { here, there, requestsOf } = stacked();
  const slow = here.charge('slow');
  await settled();
  const refused = () => expect(there.charge('slow')).rejects.toMatchObject({ code: 'IN_PROGRESS' });
  expect(await requestsOf(refused)).toEqual(['get fast tier', 'acquire authority']);
  here.release();
  await slow;
});
