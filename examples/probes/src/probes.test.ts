import { PGlite } from '@electric-sql/pglite';
import { createIdempotency, currentExecution, type Probe } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { getByUrl } from './get-by-url.ts';
import { listCharges, openProvider, type Provider, requestCharge } from './provider.ts';
import { searchByKey } from './search-by-key.ts';
import { selectByKey } from './select-by-key.ts';

let provider: Provider;
beforeAll(async () => {
  provider = await openProvider();
});
afterAll(() => provider.close());

const search = searchByKey((after) => listCharges(provider, after));
const probes: readonly (readonly [string, Probe])[] = [
  ['a search by idempotency key', search],
  [
    'a GET of what would be there',
    getByUrl(({ keyPreview }) => `${provider.url}/charges/ch-${keyPreview}`),
  ],
];

let orders = 0;

describe.each(probes)('%s', (_name, probe) => {
  function payWith(idempotency: ReturnType<typeof createIdempotency>) {
    return idempotency.wrap(
      async (id: string) =>
        requestCharge(provider, {
          id: `ch-${id}`,
          amount: 42,
          metadata: { idempotency_key: currentExecution().downstreamKey },
        }),
      { operation: 'pay', key: (id) => id, abandoned: probe },
    );
  }

  test('completes what was taken and never answered', async () => {
    await using idempotency = createIdempotency({ environment: 'test', store: memoryStore() });
    const pay = payWith(idempotency);
    // More than one page of others.
    for (let n = 0; n < 3; n += 1) await pay(`other-${orders++}`);
    const id = `lost-${orders++}`;
    provider.next = 'taken, never answered';
    const before = provider.charges.length;
    expect(await pay.settled(id)).toMatchObject({ outcome: 'unknown' });
    expect(await pay.settled(id)).toMatchObject({ outcome: 'replayed', value: { id: `ch-${id}` } });
    expect(provider.charges.length).toBe(before + 1);
  });

  test('executes again what was never taken', async () => {
    await using idempotency = createIdempotency({ environment: 'test', store: memoryStore() });
    const pay = payWith(idempotency);
    const id = `absent-${orders++}`;
    provider.next = 'lost before it was taken';
    const before = provider.charges.length;
    expect(await pay.settled(id)).toMatchObject({ outcome: 'unknown' });
    expect(await pay.settled(id)).toMatchObject({ outcome: 'executed' });
    expect(provider.charges.length).toBe(before + 1);
  });
});

describe('a row that the effect writes', () => {
  test.each([
    ['completes what was written before the connection was lost', true, 'replayed', 1],
    ['executes again what was never written', false, 'executed', 1],
  ])('%s', async (_name, isWritten, outcome, rows) => {
    const database = new PGlite();
    await database.exec('CREATE TABLE charges (attempt uuid PRIMARY KEY, amount int)');
    await using idempotency = createIdempotency({ environment: 'test', store: memoryStore() });
    let isCut = true;
    const pay = idempotency.wrap(
      async (_id: string) => {
        const { downstreamUuid } = currentExecution();
        if (!isCut || isWritten) {
          await database.query('INSERT INTO charges VALUES ($1, 42)', [downstreamUuid]);
        }
        // What node-postgres throws when a connection is reset under a query.
        if (isCut) throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
        return { attempt: downstreamUuid, amount: 42 };
      },
      {
        operation: 'pay',
        key: (id) => id,
        abandoned: selectByKey(database, 'SELECT attempt, amount FROM charges WHERE attempt = $1'),
      },
    );
    expect(await pay.settled('o-1')).toMatchObject({ outcome: 'unknown' });
    isCut = false;
    expect(await pay.settled('o-1')).toMatchObject({ outcome, value: { amount: 42 } });
    expect((await database.query('SELECT 1 FROM charges')).rows).toHaveLength(rows);
    await database.close();
  });
});

test('a search that cannot look at everything leaves it to an operator', async () => {
  let pages = 0;
  const endless = searchByKey(async () => {
    pages += 1;
    return { data: [{ id: `ch-${pages}`, metadata: {} }], has_more: true };
  });
  expect(await endless({ downstreamKey: 'k' } as never)).toBe('hold');
});
