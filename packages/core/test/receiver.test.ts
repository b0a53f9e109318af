import type { Idempotency } from '@twiceproof/core';
import { describe, expect, it } from 'vitest';
import { deployed } from './deployed.ts';

/** Everything that is called on something, and what it was called on. */
function shopOf(idempotency: Idempotency) {
  const seen: unknown[] = [];
  function note(this: unknown, answer: string) {
    seen.push(this);
    return answer;
  }
  const selectors = {
    key(this: unknown, id: string) {
      return note.call(this, id);
    },
    scope(this: unknown) {
      return note.call(this, 'tenant');
    },
    fingerprint(this: unknown) {
      return note.call(this, 'payload');
    },
    input(this: unknown) {
      return note.call(this, 'input');
    },
    run(this: unknown) {
      return Number(note.call(this, '0'));
    },
  };
  class Shop {
    sell = idempotency.wrap(
      async function sell(this: unknown, id: string) {
        return note.call(this, `sold ${id}`);
      },
      { operation: 'sell', ...selectors },
    );
  }
  return { shop: new Shop(), seen, selectors };
}

describe('what a call is made on', () => {
  it.each<[string, (shop: ReturnType<typeof shopOf>['shop']) => Promise<unknown>]>([
    ['a call', (shop) => shop.sell('a')],
    ['withRun(1), called', (shop) => shop.sell.withRun(1).call(shop, 'a')],
    ['withRun.call(shop, 1)', (shop) => shop.sell.withRun.call(shop, 1)('a')],
    ['execute', (shop) => shop.sell.execute.call(shop, 'a')],
    ['settled', (shop) => shop.sell.settled.call(shop, 'a')],
    ['idOf', (shop) => shop.sell.idOf.call(shop, 'a')],
    ['withRun(…).execute', (shop) => shop.sell.withRun.call(shop, 1).execute('a')],
    ['withRun(…).withRun(…)', (shop) => shop.sell.withRun.call(shop, 1).withRun(2)('a')],
  ])('reaches function and selectors: %s', async (_, call) => {
    const { shop, seen } = shopOf(deployed({ keySecret: 'of the deployment' }).idempotency);
    await call(shop);
    expect(seen.length).toBeGreaterThan(2);
    expect(new Set(seen)).toEqual(new Set([shop]));
  });

  it('is nothing where there is nothing, and never the options or the wrapped function', async () => {
    const { idempotency } = deployed({ keySecret: 'of the deployment' });
    const { shop, seen, selectors } = shopOf(idempotency);
    const { sell } = shop;
    await sell('a');
    await sell.execute('b');
    await sell.withRun(3)('c');
    await sell.withRun(3).execute('d');
    await idempotency.execute({ operation: 'block', ...selectors, key: selectors.run }, () => 1);
    await idempotency.extend(selectors).wrap(async (id: string) => id, { operation: 'x' })('e');
    expect(new Set(seen)).toEqual(new Set([undefined]));
  });

  it('keeps the name and the number of parameters of the function', () => {
    const { shop } = shopOf(deployed().idempotency);
    expect([shop.sell.name, shop.sell.length]).toEqual(['sell', 1]);
  });
});
