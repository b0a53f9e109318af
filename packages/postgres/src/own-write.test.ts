import { type FaultProxy, startProxy } from '@twiceproof/engines';
import { newClaim, rivalOf } from '@twiceproof/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { done, failure } from '../test/claims.ts';
import { newStore, type TestStore, useDatabases } from '../test/databases.ts';
import type { PostgresStore } from './postgres-store.ts';
import { transactional } from './transactional.ts';

const { postgres18, postgres15 } = useDatabases();

// A statement as it is sent, or the name by which the connection keeps it prepared.
const named = 'twiceproof_[0-9a-f]{24}_';
const inserting = new RegExp(`INSERT INTO|${named}`);
const updating = new RegExp(`UPDATE|${named}`);

for (const database of [postgres18, postgres15]) {
  describe(`when the answer of ${database.name} is lost`, () => {
    let proxy: FaultProxy;
    let made: TestStore;
    let direct: PostgresStore;
    let through: PostgresStore;

    beforeAll(async () => {
      const url = inject(database === postgres18 ? 'postgres18' : 'postgres15');
      proxy = await startProxy({ target: url });
      made = await newStore(database);
      direct = made.store;
      const client = await database.client({ connectionString: proxy.through(url) });
      through = await made.sibling({ client });
      await through.acquire(newClaim());
    });
    afterAll(() => proxy.stop());

    /** Sends the request with its answer cut, then again as core does. */
    async function cut<T>(statement: RegExp, request: () => Promise<T>): Promise<T> {
      const struck = proxy.cutAfter({
        when: (bytes) => statement.test(bytes.toString('latin1')),
      });
      await expect(request()).rejects.toThrow();
      await struck;
      return request();
    }

    test('a claim that landed is acquired, and counts once', async () => {
      const claim = newClaim();
      const answer = await cut(inserting, () => through.acquire(claim));
      expect(answer.status).toBe('acquired');
      expect(answer.record).toMatchObject({ token: claim.token, attempt: 1 });
      expect(answer.leaseRemainingMs).toBeGreaterThan(30_000);
      expect((await direct.complete(claim.id, claim.token, done)).status).toBe('done');
    });

    test('a claim of a failed record that landed is acquired, and counts once', async () => {
      const claim = newClaim();
      await direct.acquire(claim);
      await direct.release(claim.id, claim.token, failure);
      const answer = await cut(inserting, () => through.acquire(rivalOf(claim)));
      expect(answer).toMatchObject({ status: 'existing', record: { attempt: 2 } });
      const again = rivalOf(claim, { token: answer.record.token });
      expect((await through.acquire(again)).status).toBe('acquired');
    });

    test('a completion that landed is already done', async () => {
      const claim = newClaim();
      await direct.acquire(claim);
      const settlement = await cut(updating, () => through.complete(claim.id, claim.token, done));
      expect(settlement).toMatchObject({ status: 'already_done', record: { status: 'completed' } });
    });

    test('a release that landed is already done', async () => {
      const claim = newClaim();
      await direct.acquire(claim);
      const settlement = await cut(updating, () => through.release(claim.id, claim.token, failure));
      expect(settlement).toMatchObject({ status: 'already_done', record: { status: 'failed' } });
    });

    test('a renewal that landed is renewed again', async () => {
      const claim = newClaim();
      await direct.acquire(claim);
      const lease = await cut(updating, () => through.renew(claim.id, claim.token, 90_000));
      expect(lease!.remainingMs).toBeGreaterThan(80_000);
    });

    test('a request that never arrived is done by its second try', async () => {
      const claim = newClaim();
      const lost = proxy.cutBefore({ when: (bytes) => inserting.test(bytes.toString('latin1')) });
      await expect(through.acquire(claim)).rejects.toThrow();
      await lost;
      expect((await through.acquire(claim)).status).toBe('acquired');
    });

    test('a commit that landed is recognised, with everything the effect wrote', async () => {
      const url = inject(database === postgres18 ? 'postgres18' : 'postgres15');
      const client = await database.client({ connectionString: proxy.through(url) });
      const { store } = transactional({ client, schema: made.schema });
      const claim = newClaim();
      await store.acquire(claim);
      const settlement = await cut(/COMMIT/, () => store.complete(claim.id, claim.token, done));
      expect(settlement.status).toBe('already_done');
      expect(await direct.get(claim.id)).toMatchObject({ status: 'completed' });
    });

    test('a commit that never arrived has left nothing', async () => {
      const url = inject(database === postgres18 ? 'postgres18' : 'postgres15');
      const client = await database.client({ connectionString: proxy.through(url) });
      const { store } = transactional({ client, schema: made.schema });
      const claim = newClaim();
      await store.acquire(claim);
      const lost = proxy.cutBefore({ when: (bytes) => bytes.includes('COMMIT') });
      await expect(store.complete(claim.id, claim.token, done)).rejects.toThrow();
      await lost;
      expect(await store.complete(claim.id, claim.token, done)).toEqual({ status: 'lost' });
      expect(await direct.get(claim.id)).toBe(undefined);
    });
  });
}

test('when nothing is answered, the connection is closed and the request fails', async () => {
  const url = inject('postgres18');
  const proxy = await startProxy({ target: url });
  const { sibling, store: direct } = await newStore(postgres18);
  const client = (await postgres18.client({ connectionString: proxy.through(url) })) as Pool;
  const through = await sibling({ client, timeout: '2s' });
  await through.acquire(newClaim());
  // The store may still ask for the size of its table.
  await vi.waitFor(() => expect(client.idleCount).toBe(1), 20_000);
  proxy.freeze();
  const claim = newClaim();
  await expect(through.acquire(claim)).rejects.toThrow(/within the timeout/);
  expect(client.totalCount).toBe(0);
  proxy.heal();
  expect((await through.acquire(claim)).status).toBe('acquired');
  expect(await direct.get(claim.id)).toMatchObject({ token: claim.token, attempt: 1 });
  await proxy.stop();
});
