import { outcomeUnknown } from '@twiceproof/core';
import { describe, expect, test } from 'vitest';
import { startConsole } from '../src/console/start-console.ts';
import {
  backends,
  claim,
  closeStoresAfterwards,
  execute,
  fail,
  newApplication,
} from './backends.ts';
import { done, states } from './bulk-console.ts';
import { signIn } from './console-client.ts';
import { served } from './served-console.ts';

closeStoresAfterwards();

describe.each(backends)('the console on $name', (backend) => {
  test('lists, counts, finds, decodes and changes records', async () => {
    const application = await newApplication(backend);
    const { idempotency, store } = application;
    const paid = await execute(idempotency, 'charge', 'p-1', () => ({ paid: 10n }));
    const failed = await execute(idempotency, 'charge', 'p-2', fail);
    const busy = await claim(application, 'o-1', 600_000);
    const { running } = await served({ idempotency, store, environment: 'prod' });
    const client = await signIn(running);

    const listed = (await client.get('/api/records?environment=prod')).body.records;
    expect(listed.map(({ id }: { id: string }) => id).sort()).toEqual(
      [paid, failed, busy.id].sort(),
    );
    const { body: overview } = await client.get('/api/overview?environment=prod');
    const none = { executing: 0, unknown: 0, held: 0, stuck: 0, completed: 0, failed: 0 };
    expect(overview.operations).toEqual([
      { operation: 'charge', ...none, completed: 1, failed: 1 },
      { operation: 'ship', ...none, executing: 1 },
    ]);
    const found = (await client.get('/api/find?text=p-1')).body.records;
    expect(found).toMatchObject([{ id: paid, status: 'completed' }]);
    const result = await client.post('/api/result', { id: paid });
    expect(result.body).toEqual({ kind: 'value', text: '{ paid: 10n }' });

    const version = async (id: string) => (await idempotency.records.get(id))!.version;
    const change = async (action: string, id: string, more = {}) => {
      const body = { id, version: await version(id), reason: 'why', ...more };
      return client.post(`/api/${action}`, body);
    };
    const seen = await version(paid);
    expect(await change('extend', paid, { retention: '30d' })).toMatchObject({ status: 200 });
    const stale = { id: paid, version: seen, reason: 'why' };
    expect(await client.post('/api/delete', stale)).toMatchObject({ body: { code: 'CHANGED' } });
    expect(await change('release', paid)).toMatchObject({ body: { record: { status: 'failed' } } });
    expect(await change('release', busy.id)).toMatchObject({ body: { code: 'EXECUTING' } });
    expect(await change('complete', failed, { value: '[1]' })).toMatchObject({ status: 200 });
    expect(await idempotency.records.result(failed)).toEqual([1]);
    expect(await change('delete', failed)).toMatchObject({ status: 200 });
    expect(await client.get(`/api/record?id=${encodeURIComponent(failed)}`)).toMatchObject({
      body: { code: 'GONE' },
    });
  });

  test('does to all that match what it says, and leaves alone what the store finds with them', async () => {
    const application = await newApplication(backend);
    const { idempotency, store } = application;
    for (const key of ['stuck-1', 'stuck-2']) await claim(application, key, 1, 'reexecute');
    await claim(application, 'held', 1);
    await claim(application, 'busy', 600_000);
    await execute(idempotency, 'ship', 'lost', () => {
      throw outcomeUnknown(new Error('no answer'));
    });
    await execute(idempotency, 'ship', 'done');
    await expect
      .poll(async () => (await store.list({ stuck: true, limit: 9 })).records, { timeout: 20_000 })
      .toHaveLength(4);
    const console_ = await served({
      ...{ idempotency, store, environment: 'prod' },
      probe: () => ({ completed: 'found' }),
    });
    const client = await signIn(console_.running);
    const others = { busy: 'in_progress', done: 'completed' };

    const stuck = await done(client, 'release', { state: 'stuck', environment: 'prod' });
    expect(stuck).toMatchObject({
      states: { stuck: 2 },
      job: { phase: 'done', matched: 2, verdicts: { changed: 2 } },
    });
    const waiting = { ...others, held: 'in_progress', lost: 'unknown' };
    expect(await states(console_)).toEqual({
      ...waiting,
      'stuck-1': 'failed',
      'stuck-2': 'failed',
    });

    const asked = await done(client, 'reconcile', { state: 'unknown', environment: 'prod' });
    expect(asked.job).toMatchObject({ matched: 1, verdicts: { completed: 1 } });
    const kept = { operation: 'ship', environment: 'prod' };
    const extended = await done(client, 'extend', kept, { retention: '30d' });
    expect(extended).toMatchObject({ states: { failed: 2, completed: 2 }, job: { matched: 4 } });
    const deleted = await done(client, 'delete', kept);
    expect(deleted).toMatchObject({ job: { matched: 5, verdicts: { changed: 5 } } });
    expect(await states(console_)).toEqual({ busy: 'in_progress' });
  });
});

test('it serves a store alone, without anything else of the application', async () => {
  const { store, idempotency } = await newApplication(backends[0]!);
  await execute(idempotency, 'charge', 'p-1');
  const running = await startConsole({ store, onAudit: () => {} });
  const client = await signIn(running);
  const page = await client.get('/');
  expect(page.text).toContain('<div id="console">');
  expect((await client.get('/api/records')).body.records).toHaveLength(1);
  await running.close();
});

test('without a store there is nothing to serve', async () => {
  await expect(startConsole({})).rejects.toThrow('neither idempotency nor a store');
});
