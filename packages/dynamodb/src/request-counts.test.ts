import { expect, test } from 'vitest';
import {
  bytesOf,
  countRequests,
  newClaim,
  newStore,
  rivalOf,
  useEmulator,
} from '../test/emulator.ts';

const emulator = useEmulator();

async function countedStore() {
  const client = emulator.client();
  const store = await newStore(client);
  return { store, requests: countRequests(client) };
}

const done = { bytes: bytesOf('done'), retentionMs: 3_600_000 };
const failed = { error: { name: 'Error', message: 'no' }, retentionMs: 3_600_000 };

test('a first execution takes two requests', async () => {
  const { store, requests } = await countedStore();
  const claim = newClaim();
  await store.acquire(claim);
  await store.complete(claim.id, claim.token, done);
  expect(requests.take()).toEqual({ PutItemCommand: 1, UpdateItemCommand: 1 });
});

test('a replay takes one request', async () => {
  const { store, requests } = await countedStore();
  const claim = newClaim();
  await store.acquire(claim);
  await store.complete(claim.id, claim.token, done);
  requests.take();
  const replay = await store.acquire(rivalOf(claim));
  expect(replay.record.outcome).toEqual(done.bytes);
  expect(requests.take()).toEqual({ PutItemCommand: 1 });
});

test('a conflict takes one request', async () => {
  const { store, requests } = await countedStore();
  const claim = newClaim();
  await store.acquire(claim);
  requests.take();
  expect((await store.acquire(rivalOf(claim))).status).toBe('existing');
  expect(requests.take()).toEqual({ PutItemCommand: 1 });
});

test('a claim of a failed record takes two requests', async () => {
  const { store, requests } = await countedStore();
  const claim = newClaim();
  await store.acquire(claim);
  await store.release(claim.id, claim.token, failed);
  requests.take();
  expect((await store.acquire(rivalOf(claim))).status).toBe('acquired');
  expect(requests.take()).toEqual({ PutItemCommand: 2 });
});

test('a settlement, a renewal or a change that is refused is judged without another request', async () => {
  const { store, requests } = await countedStore();
  const claim = newClaim();
  await store.acquire(claim);
  await store.complete(claim.id, claim.token, done);
  requests.take();
  const stranger = rivalOf(claim).token;
  const refused = [
    await store.complete(claim.id, stranger, done),
    await store.release(claim.id, stranger, failed),
    await store.renew(claim.id, stranger, 1_000),
    await store.extend(claim.id, null, { version: '1.completed.1' }),
    await store.delete(claim.id, { version: '1.completed.1' }),
  ];
  expect(refused).toEqual([{ status: 'lost' }, { status: 'lost' }, undefined, undefined, false]);
  expect((await store.complete(claim.id, claim.token, done)).status).toBe('already_done');
  expect(requests.take()).toEqual({ UpdateItemCommand: 6 });
});

test('an outcome that is certainly too large costs no request', async () => {
  const { store, requests } = await countedStore();
  const claim = newClaim();
  await store.acquire(claim);
  requests.take();
  const bytes = new Uint8Array(store.limits.maxRecordBytes);
  const settlement = await store.complete(claim.id, claim.token, { ...done, bytes });
  expect(settlement.status).toBe('too_large');
  expect(requests.take()).toEqual({});
});
