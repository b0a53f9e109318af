import type { StoredRecord } from '@twiceproof/core';
import { expect, test } from 'vitest';
import {
  bytesOf,
  countRequests,
  newClaim,
  newStore,
  rivalOf,
  useEmulator,
} from '../test/emulator.ts';
import { dynamodbStore } from './dynamodb-store.ts';

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
  expect(requests.take()).toEqual({ GetItemCommand: 1 });
});

test('a conflict takes one request', async () => {
  const { store, requests } = await countedStore();
  const claim = newClaim();
  await store.acquire(claim);
  requests.take();
  expect((await store.acquire(rivalOf(claim))).status).toBe('existing');
  expect(requests.take()).toEqual({ GetItemCommand: 1 });
});

test('so do both in a process that never met the record, until most of what it meets is there', async () => {
  const { store } = await countedStore();
  const known = Array.from({ length: 100 }, () => newClaim());
  await Promise.all(known.map((claim) => store.acquire(claim)));
  const client = emulator.client();
  const stranger = dynamodbStore({ client, table: store.table });
  const requests = countRequests(client);
  await stranger.acquire(rivalOf(known[0]!));
  expect(requests.take()).toEqual({ PutItemCommand: 1 });
  for (const claim of known.slice(1, 99)) await stranger.acquire(rivalOf(claim));
  requests.take();
  await stranger.acquire(rivalOf(known[99]!));
  expect(requests.take()).toEqual({ GetItemCommand: 1 });
  await stranger.acquire(newClaim());
  expect(requests.take()).toEqual({ GetItemCommand: 1, PutItemCommand: 1 });
});

test('a claim of a failed record takes two requests', async () => {
  const { store, requests } = await countedStore();
  const claim = newClaim();
  await store.acquire(claim);
  await store.release(claim.id, claim.token, failed);
  requests.take();
  expect((await store.acquire(rivalOf(claim))).status).toBe('acquired');
  expect(requests.take()).toEqual({ GetItemCommand: 1, PutItemCommand: 1 });
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
  expect(requests.take()).toEqual({ UpdateItemCommand: 5, GetItemCommand: 1 });
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

test('neither a settlement nor a renewal has an answer in it that the claimant knows', async () => {
  const client = emulator.client();
  const store = await newStore(client);
  const answered: unknown[] = [];
  client.middlewareStack.add((next, { commandName }) => async (args) => {
    const answer = await next(args);
    const { Attributes } = answer.output as { Attributes?: unknown };
    if (commandName === 'UpdateItemCommand') answered.push(Attributes);
    return answer;
  });
  const [completed, failing, stuck] = [newClaim(), newClaim(), newClaim()];
  for (const claim of [completed, failing, stuck]) await store.acquire(claim);
  await store.renew(completed.id, completed.token, 60_000);
  const settlements = [
    await store.complete(completed.id, completed.token, done),
    await store.release(failing.id, failing.token, failed),
    await store.release(stuck.id, stuck.token, { ...failed, unknown: true }),
  ];
  expect(answered).toEqual([undefined, undefined, undefined, undefined]);
  for (const settlement of settlements) {
    const { record } = settlement as { record: StoredRecord };
    expect(await store.get(record.id)).toEqual(record);
  }
});

test('who settles or renews what another process claimed finds out what that wrote', async () => {
  const { store } = await countedStore();
  const client = emulator.client();
  const other = dynamodbStore({ client, table: store.table });
  // Its first write asks for the time.
  await other.get('any');
  const requests = countRequests(client);
  const [completed, stuck] = [newClaim(), newClaim()];
  for (const claim of [completed, stuck]) await store.acquire(claim);
  const completion = await other.complete(completed.id, completed.token, done);
  expect(requests.take()).toEqual({ UpdateItemCommand: 1 });
  await other.renew(stuck.id, stuck.token, 60_000);
  expect(requests.take()).toEqual({ GetItemCommand: 1, UpdateItemCommand: 1 });
  const end = await other.release(stuck.id, stuck.token, { ...failed, unknown: true });
  expect(requests.take()).toEqual({ GetItemCommand: 1, UpdateItemCommand: 1 });
  for (const settlement of [completion, end]) {
    const { record } = settlement as { record: StoredRecord };
    expect(await store.get(record.id)).toEqual(record);
  }
});
