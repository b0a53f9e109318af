import { DeleteItemCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { StoredRecord } from '@twiceproof/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { bytesOf, newClaim, newStore, rivalOf, useEmulator } from '../test/emulator.ts';
import { timeMachine } from '../test/time-machine.ts';
import { type DynamodbStore, storeOn } from './dynamodb-store.ts';
import type { Item } from './item.ts';

const emulator = useEmulator();

const hourMs = 3_600_000;

let store: DynamodbStore;
let pass: (ms: number) => void;
let now: () => number;
let itemOf: (id: string) => Promise<Item | undefined>;
/** What DynamoDB's time to live does, some time after the item's `ttl`. */
let deleteItem: (id: string) => Promise<void>;

beforeEach(async () => {
  const world = timeMachine();
  pass = world.pass;
  now = world.clock.wall;
  const { table } = await newStore(emulator.client());
  const client = emulator.client();
  store = storeOn({ client: world.carry(emulator.client()), table }, world.clock);
  itemOf = async (id) => {
    const get = new GetItemCommand({ TableName: table, Key: { id: { S: id } } });
    return (await client.send(get)).Item;
  };
  deleteItem = async (id) => {
    await client.send(new DeleteItemCommand({ TableName: table, Key: { id: { S: id } } }));
  };
});

const done = { bytes: bytesOf('done'), retentionMs: hourMs };
const failed = { error: { name: 'Error', message: 'no' }, retentionMs: hourMs };

describe('the ttl attribute', () => {
  /** Never before the expiry, and by the grace of an hour after it, in whole seconds. */
  async function isAnHourAfter(expiresAt: number | undefined, id: string) {
    const ttl = Number((await itemOf(id))?.ttlAt?.N);
    expect(Number.isInteger(ttl)).toBe(true);
    expect(ttl * 1_000 - expiresAt!).toBeGreaterThanOrEqual(hourMs);
    expect(ttl * 1_000 - expiresAt!).toBeLessThan(hourMs + 2_000);
  }

  test('is the expiry plus the grace after a claim, a renewal and a settlement', async () => {
    const claim = newClaim({ leaseMs: 30_500, retentionMs: 10_200 });
    const { record } = await store.acquire(claim);
    expect(record.expiresAt).toBe(record.leaseUntil + 10_200);
    await isAnHourAfter(record.expiresAt, claim.id);
    await store.renew(claim.id, claim.token, 90_700);
    const renewed = await store.get(claim.id);
    expect(renewed?.expiresAt).toBe(renewed!.leaseUntil + 10_200);
    await isAnHourAfter(renewed?.expiresAt, claim.id);
    await store.complete(claim.id, claim.token, { ...done, retentionMs: 5_300 });
    const completed = await store.get(claim.id);
    expect(completed?.expiresAt).toBe(now() + 5_300);
    await isAnHourAfter(completed?.expiresAt, claim.id);
    const extended = await store.extend(claim.id, 86_400_000);
    await isAnHourAfter(extended?.expiresAt, claim.id);
  });

  test('is absent where a record is kept for ever', async () => {
    const claim = newClaim({ retentionMs: null });
    await store.acquire(claim);
    expect((await itemOf(claim.id))?.ttlAt).toBeUndefined();
    await store.renew(claim.id, claim.token, 30_000);
    expect((await itemOf(claim.id))?.ttlAt).toBeUndefined();
    expect((await store.get(claim.id))?.expiresAt).toBeUndefined();
    await store.complete(claim.id, claim.token, { ...done, retentionMs: null });
    expect((await itemOf(claim.id))?.ttlAt).toBeUndefined();
    expect((await store.get(claim.id))?.expiresAt).toBeUndefined();
    await store.extend(claim.id, hourMs);
    await store.extend(claim.id, null);
    expect((await itemOf(claim.id))?.ttlAt).toBeUndefined();
  });
});

describe('an item that is deleted two days late', () => {
  test('is no record, and is replaced by a first claim with a higher fence', async () => {
    const claim = newClaim({ keyPreview: 'first' });
    const first = await store.acquire(claim);
    const lastError = { name: 'Error', message: 'recorded' };
    await store.complete(claim.id, claim.token, { ...done, lastError });
    pass(hourMs + 48 * hourMs);
    expect(await store.get(claim.id)).toBeUndefined();
    expect((await store.list({ limit: 10 })).records).toEqual([]);
    const second = await store.acquire(rivalOf(claim, { keyPreview: undefined }));
    expect(second.status).toBe('acquired');
    expect(second.record).toMatchObject({ attempt: 1, createdAt: now(), startedAt: now() });
    expect(second.record.fence).toBeGreaterThan(first.record.fence);
    const leftover: (keyof StoredRecord)[] = ['outcome', 'lastError', 'completedAt', 'keyPreview'];
    for (const name of leftover) expect(second.record[name], name).toBeUndefined();
    expect(await store.get(claim.id)).toEqual(second.record);
  });

  test('that was abandoned is replaced by a first claim', async () => {
    const claim = newClaim({ leaseMs: 1_000, retentionMs: 1_000 });
    await store.acquire(claim);
    pass(48 * hourMs);
    const { record } = await store.acquire(rivalOf(claim));
    expect(record).toMatchObject({ attempt: 1, createdAt: now() });
    const late = await store.complete(claim.id, claim.token, done);
    expect(late).toEqual({ status: 'lost' });
  });
});

describe('the fence', () => {
  test('rises over an item that DynamoDB has deleted', async () => {
    const claim = newClaim();
    let { fence } = (await store.acquire(claim)).record;
    for (let round = 0; round < 5; round += 1) {
      const rival = rivalOf(claim);
      await store.delete(claim.id);
      pass(hourMs + 1_000);
      await deleteItem(claim.id);
      const { record } = await store.acquire(rival);
      expect(record.fence).toBeGreaterThan(fence);
      fence = record.fence;
    }
  });

  test('rises over a deletion although no time has passed', async () => {
    const claim = newClaim();
    let last = 0;
    for (let round = 0; round < 20; round += 1) {
      const { record } = await store.acquire(rivalOf(claim));
      expect(record.fence).toBeGreaterThan(last);
      expect(Number.isSafeInteger(record.fence)).toBe(true);
      last = record.fence;
      expect(await store.delete(claim.id)).toBe(true);
    }
  });
});

describe('a deletion', () => {
  test('leaves nothing but the key and the fence, for an hour', async () => {
    const claim = newClaim({ keyPreview: 'secret', inputPreview: 'secret', scope: 'tenant' });
    await store.acquire(claim);
    await store.renew(claim.id, claim.token, 30_000);
    await store.release(claim.id, claim.token, failed);
    await store.delete(claim.id);
    const item = await itemOf(claim.id);
    expect(Object.keys(item!).sort()).toEqual(['da', 'fn', 'id', 'st', 'ttlAt']);
    expect(Number(item?.ttlAt?.N) * 1_000 - now()).toBeGreaterThanOrEqual(hourMs);
    expect(await store.get(claim.id)).toBeUndefined();
    expect((await store.list({ limit: 10 })).records).toEqual([]);
    expect(await store.extend(claim.id, 1_000)).toBeUndefined();
    expect(await store.renew(claim.id, claim.token, 1_000)).toBeUndefined();
  });

  test('while the function runs leaves its completion lost, and creates nothing', async () => {
    const claim = newClaim();
    await store.acquire(claim);
    await store.delete(claim.id);
    expect(await store.complete(claim.id, claim.token, done)).toEqual({ status: 'lost' });
    expect(await store.get(claim.id)).toBeUndefined();
  });
});

test('a completion never brings back an item that DynamoDB deleted early', async () => {
  const claim = newClaim();
  await store.acquire(claim);
  await deleteItem(claim.id);
  expect(await store.complete(claim.id, claim.token, done)).toEqual({ status: 'lost' });
  expect(await itemOf(claim.id)).toBeUndefined();
});

describe('a copy of another store’s record', () => {
  async function completed(): Promise<StoredRecord> {
    const claim = newClaim();
    await store.acquire(claim);
    const settlement = await store.complete(claim.id, claim.token, done);
    await deleteItem(claim.id);
    return { ...(settlement as { record: StoredRecord }).record };
  }

  test('that was late does not undo its deletion', async () => {
    const record = await completed();
    await store.fill(record, hourMs);
    await store.delete(record.id);
    await store.fill(record, hourMs);
    expect(await store.get(record.id)).toBeUndefined();
    await store.fill({ ...record, fence: record.fence + 1 }, hourMs);
    expect(await store.get(record.id)).toBeDefined();
  });

  test('makes way for a claim when its time is over, although the record has not expired', async () => {
    const record = await completed();
    await store.fill(record, 1_000);
    const claim = rivalOf(newClaim({ id: record.id }));
    expect((await store.acquire(claim)).status).toBe('existing');
    pass(1_000);
    expect((await store.acquire(claim)).status).toBe('acquired');
  });

  test('is not listed, and not extended', async () => {
    const record = await completed();
    await store.fill(record, hourMs);
    expect((await store.list({ limit: 10 })).records).toEqual([]);
    expect(await store.extend(record.id, null)).toBeUndefined();
  });

  test('that does not fit into an item is left out', async () => {
    const record = await completed();
    await store.fill({ ...record, outcome: new Uint8Array(409_600) }, hourMs);
    expect(await store.get(record.id)).toBeUndefined();
  });
});
