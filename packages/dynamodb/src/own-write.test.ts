import { type FaultProxy, startProxy } from '@twiceproof/engines';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesOf, newClaim, newStore, rivalOf, useEmulator } from '../test/emulator.ts';
import { type DynamodbStore, dynamodbStore } from './dynamodb-store.ts';

const emulator = useEmulator();

const done = { bytes: bytesOf('done'), retentionMs: 3_600_000 };
const failed = { error: { name: 'Error', message: 'no' }, retentionMs: 3_600_000 };

/** Cuts the connection after the server has acted, once, on the next write. */
const afterWrite = (proxy: FaultProxy) =>
  proxy.cutAfter({ when: (request) => /PutItem|UpdateItem/.test(request.toString('latin1')) });

for (const [retries, maxAttempts] of [
  ['the client tries again by itself', 4],
  ['the caller tries again', 1],
] as const) {
  describe(`when an answer is lost and ${retries}`, () => {
    let proxy: FaultProxy;
    let store: DynamodbStore;
    let direct: DynamodbStore;

    beforeAll(async () => {
      proxy = await startProxy({ target: emulator.endpoint });
      const created = await newStore(emulator.client());
      direct = created;
      const client = emulator.client({ endpoint: proxy.through(emulator.endpoint), maxAttempts });
      store = dynamodbStore({ client, table: created.table });
    });
    afterAll(() => proxy.stop());

    /** Runs the request with its answer cut, again if the client did not do so by itself. */
    async function cut<T>(request: () => Promise<T>): Promise<T> {
      const struck = afterWrite(proxy);
      const answer = maxAttempts > 1 ? await request() : await request().catch(request);
      await struck;
      return answer;
    }

    test('a claim is acquired', async () => {
      const claim = newClaim();
      const answer = await cut(() => store.acquire(claim));
      expect(answer.status).toBe('acquired');
      expect(answer.record).toMatchObject({ token: claim.token, attempt: 1 });
      expect(answer.leaseRemainingMs).toBeGreaterThan(20_000);
    });

    test('a claim of a failed record is acquired, and counts once', async () => {
      const claim = newClaim();
      await direct.acquire(claim);
      await direct.release(claim.id, claim.token, failed);
      const rival = rivalOf(claim);
      const landed = proxy.cutAfter({
        when: (request) => request.toString('latin1').includes('attribute_exists'),
      });
      const acquire = () => store.acquire(rival);
      const answer = maxAttempts > 1 ? await acquire() : await acquire().catch(acquire);
      await landed;
      expect(answer.status).toBe('acquired');
      expect(answer.record).toMatchObject({ token: rival.token, attempt: 2 });
    });

    test('a completion is already done', async () => {
      const claim = newClaim();
      await direct.acquire(claim);
      const answer = await cut(() => store.complete(claim.id, claim.token, done));
      expect(answer.status).toBe('already_done');
      expect((await direct.get(claim.id))?.outcome).toEqual(done.bytes);
    });

    test('a release is already done', async () => {
      const claim = newClaim();
      await direct.acquire(claim);
      const answer = await cut(() => store.release(claim.id, claim.token, failed));
      expect(answer.status).toBe('already_done');
    });

    test('a renewal is granted', async () => {
      const claim = newClaim({ leaseMs: 5_000 });
      await direct.acquire(claim);
      const lease = await cut(() => store.renew(claim.id, claim.token, 60_000));
      expect(lease?.remainingMs).toBeGreaterThan(50_000);
    });
  });
}

describe('when an answer is lost and the client tries again by itself', () => {
  let proxy: FaultProxy;
  beforeAll(async () => {
    proxy = await startProxy({ target: emulator.endpoint });
  });
  afterAll(() => proxy.stop());

  async function completed() {
    const direct = await newStore(emulator.client());
    const client = emulator.client({ endpoint: proxy.through(emulator.endpoint) });
    const store = dynamodbStore({ client, table: direct.table });
    const claim = newClaim();
    await direct.acquire(claim);
    await direct.complete(claim.id, claim.token, done);
    return { direct, store, id: claim.id };
  }

  test('a deletion says that there was something to delete', async () => {
    const { store, direct, id } = await completed();
    const struck = afterWrite(proxy);
    expect(await store.delete(id)).toBe(true);
    await struck;
    expect(await direct.get(id)).toBeUndefined();
    expect(await store.delete(id)).toBe(false);
  });

  test('a change of expiry answers the changed record, although its version is another', async () => {
    const { store, direct, id } = await completed();
    const { fence, expiresAt } = (await direct.get(id))!;
    const struck = afterWrite(proxy);
    const version = `${fence}.completed.${expiresAt}`;
    const extended = await store.extend(id, 7_200_000, { version });
    await struck;
    expect(extended?.expiresAt).toBeGreaterThan(expiresAt!);
    expect(await store.extend(id, null, { version })).toBeUndefined();
  });
});
