import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, test } from 'vitest';
import { newClaim, newStore, useEmulator } from '../test/emulator.ts';
import { timeMachine } from '../test/time-machine.ts';
import { storeOn } from './dynamodb-store.ts';
import type { Item } from './item.ts';
import { itemBytes, maxItemBytes } from './item-size.ts';

const emulator = useEmulator();

describe('the bytes of an item', () => {
  let isAccepted: (item: Item) => Promise<boolean>;
  beforeAll(async () => {
    const client = emulator.client();
    const { table } = await newStore(client);
    isAccepted = async (Item) => {
      try {
        await client.send(new PutItemCommand({ TableName: table, Item }));
        return true;
      } catch (error) {
        expect((error as Error).message).toMatch(/item size/i);
        return false;
      }
    };
  });

  const values: Item = {
    'ASCII text': { S: 'abc' },
    'text of many bytes': { S: 'é€🔑' },
    'empty text': { S: '' },
    bytes: { B: new Uint8Array(7) },
    zero: { N: '0' },
    'one digit': { N: '7' },
    'two digits': { N: '42' },
    'three digits': { N: '123' },
    'trailing zeros': { N: '1795410323000' },
    'a time': { N: '1795410323813' },
    'a fence': { N: '1795410323813001' },
    'a negative number': { N: '-123' },
    'a fraction': { N: '0.05' },
    'an exponent': { N: '1.23e-5' },
    boolean: { BOOL: false },
    null: { NULL: true },
    'empty list': { L: [] },
    list: { L: [{ S: 'a' }, { N: '12' }] },
    'empty map': { M: {} },
    map: { M: { name: { S: 'Error' }, message: { S: 'no' } } },
    'text set': { SS: ['a', 'bb'] },
    'number set': { NS: ['1', '222'] },
    'bytes set': { BS: [new Uint8Array(2), new Uint8Array(3)] },
  };

  for (const [name, value] of Object.entries(values)) {
    test(`are counted as DynamoDB counts them: ${name}`, async () => {
      const item: Item = { id: { S: name }, value };
      const room = maxItemBytes - itemBytes(item) - 'filler'.length;
      const filled = (bytes: number): Item => ({ ...item, filler: { B: new Uint8Array(bytes) } });
      expect(itemBytes(filled(room))).toBe(maxItemBytes);
      expect(await isAccepted(filled(room))).toBe(true);
      expect(await isAccepted(filled(room + 1))).toBe(false);
    });
  }
});

describe('a completion', () => {
  test('fills an item to its last byte, and says by how much one byte more is too large', async () => {
    // Numbers are as long as their digits: with time standing still, all tries are of one size.
    const time = timeMachine();
    const { table } = await newStore(emulator.client());
    const store = storeOn({ client: time.carry(emulator.client()), table }, time.clock);
    const error = { name: 'Error', message: 'ünïcödé' };
    const claimed = async () => {
      const claim = newClaim({ inputPreview: '{"order":"鍵"}', scope: 'tenant', fingerprint: 'f' });
      await store.acquire(claim);
      return claim;
    };
    const complete = async (length: number) => {
      const { id, token } = await claimed();
      const bytes = new Uint8Array(length);
      const outcome = { bytes, retentionMs: 86_400_000, lastError: error };
      return { id, settlement: await store.complete(id, token, outcome) };
    };

    let fits = maxItemBytes - 4_096;
    let exceeds = maxItemBytes;
    while (exceeds - fits > 1) {
      const middle = (fits + exceeds) >> 1;
      const { settlement } = await complete(middle);
      if (settlement.status === 'done') fits = middle;
      else exceeds = middle;
    }
    const { id, settlement } = await complete(exceeds);
    expect(settlement).toMatchObject({ status: 'too_large', maxRecordBytes: maxItemBytes });
    const { recordBytes } = settlement as { recordBytes: number };
    expect(recordBytes).toBe(maxItemBytes + 1);
    expect((await store.get(id))?.status).toBe('in_progress');
  });

  test('that is too large for a record that is not mine is lost', async () => {
    const store = await newStore(emulator.client());
    const claim = newClaim();
    await store.acquire(claim);
    const outcome = { bytes: new Uint8Array(maxItemBytes - 400), retentionMs: 1_000 };
    expect(await store.complete(claim.id, 'not mine', outcome)).toEqual({ status: 'lost' });
  });
});

test('a claim that leaves no room for its settlement is refused before the request', async () => {
  const store = await newStore(emulator.client());
  const claim = newClaim({ inputPreview: 'x'.repeat(maxItemBytes - 8_192) });
  await expect(store.acquire(claim)).rejects.toMatchObject({
    code: 'OPTIONS_INVALID',
    recordId: claim.id,
  });
  expect(await store.get(claim.id)).toBeUndefined();
});
