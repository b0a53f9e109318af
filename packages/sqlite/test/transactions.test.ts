import { DatabaseSync } from 'node:sqlite';
import type { Claim } from '@twiceproof/core';
import { newClaim, rivalOf } from '@twiceproof/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { sqliteStore } from '../src/sqlite-store.ts';
import { newFile } from './file.ts';

/** A store whose transactions are counted: what each of them waits for is the disk. */
async function counted() {
  const client = new DatabaseSync(newFile());
  onTestFinished(() => client.close());
  const store = sqliteStore({ client });
  await store.setup();
  let [reading, writing] = [0, 0];
  const exec = client.exec.bind(client);
  client.exec = (sql) => {
    if (sql === 'BEGIN') reading++;
    if (sql === 'BEGIN IMMEDIATE') writing++;
    exec(sql);
  };
  return {
    client,
    store,
    async transactionsOf(act: () => Promise<unknown>) {
      [reading, writing] = [0, 0];
      await act();
      return { reading, writing };
    },
  };
}

const done = { bytes: new Uint8Array([1, 2, 3]), retentionMs: 60_000 };

test('setup removes nothing that paused retirement keeps', async () => {
  const { store } = await counted();
  const paused = { retirement: 'paused' } as const;
  const claim = newClaim();
  await store.acquire(claim, paused);
  await store.complete(claim.id, claim.token, { ...done, retentionMs: 1 }, paused);
  await vi.waitFor(async () => expect(await store.get(claim.id)).toBeUndefined(), 20_000);
  await store.setup();
  expect(await store.get(claim.id, paused)).toMatchObject({ status: 'completed' });
});

test('a first execution is one look and two writes; a replay or a conflict is one look', async () => {
  const { store, transactionsOf } = await counted();
  const claim = newClaim();
  expect(await transactionsOf(() => store.acquire(claim))).toEqual({ reading: 1, writing: 1 });
  const conflict = { reading: 1, writing: 0 };
  expect(await transactionsOf(() => store.acquire(rivalOf(claim)))).toEqual(conflict);
  const settling = () => store.complete(claim.id, claim.token, done);
  expect(await transactionsOf(settling)).toEqual({ reading: 0, writing: 1 });
  expect(await transactionsOf(() => store.acquire(rivalOf(claim)))).toEqual(conflict);
});

test('of 64 calls, a held, an oversized, a corrupt and a mistyped one keep none of the others waiting', async () => {
  const { client, store, transactionsOf } = await counted();
  // A transaction ends after some milliseconds: here it has all the time that a busy machine takes.
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  onTestFinished(() => clock.mockRestore());
  const claims = Array.from({ length: 64 }, () => newClaim());
  const [held, corrupt, mistyped, oversized] = claims as [Claim, Claim, Claim, Claim];
  for (const claim of [held, corrupt, mistyped]) await store.acquire(claim);
  const spoil = (text: string, { id }: Claim) =>
    client
      .prepare('UPDATE twiceproof_records SET record = ? WHERE id = ?')
      .run(text, JSON.stringify(id));
  expect(spoil('nonsense', corrupt).changes).toBe(1);
  expect(spoil('{"id":1}', mistyped).changes).toBe(1);
  const asking = async () => {
    const asked = claims.map((claim) => store.acquire(rivalOf(claim)));
    const [refused, unreadable, wrong, ...good] = await Promise.allSettled(asked);
    expect(refused).toMatchObject({ value: { status: 'existing' } });
    for (const damaged of [unreadable, wrong])
      expect(damaged).toMatchObject({ reason: { code: 'RECORD_CORRUPT' } });
    for (const answer of good) expect(answer).toMatchObject({ value: { status: 'acquired' } });
  };
  expect(await transactionsOf(asking)).toEqual({ reading: 1, writing: 1 });
  const settling = async () => {
    const good = claims.slice(3);
    const settled = await Promise.all(
      good.map(async ({ id }) => {
        const { token } = (await store.get(id))!;
        const bytes =
          id === oversized.id ? new Uint8Array(store.limits.maxRecordBytes) : done.bytes;
        return store.complete(id, token!, { ...done, bytes });
      }),
    );
    expect(settled[0]?.status).toBe('too_large');
    for (const { status } of settled.slice(1)) expect(status).toBe('done');
  };
  expect(await transactionsOf(settling)).toEqual({ reading: 1, writing: 1 });
});
