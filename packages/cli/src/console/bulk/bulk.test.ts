import type { Probe } from '@twiceproof/core';
import { expect, test } from 'vitest';
import {
  count,
  done,
  ended,
  execute,
  states,
  troubles,
  untouched,
} from '../../../test/bulk-console.ts';
import { signIn } from '../../../test/console-client.ts';
import { served } from '../../../test/served-console.ts';

test('a release of Stuck leaves alone what is held or of unknown outcome, which stores find with it', async () => {
  const console_ = await troubles();
  const client = await signIn(console_.running);
  const { states: counted, job } = await done(client, 'release', { state: 'stuck' });
  expect(counted).toEqual({ stuck: 2 });
  expect(job).toMatchObject({ phase: 'done', matched: 2, verdicts: { changed: 2 } });
  expect(await states(console_)).toEqual({
    ...untouched,
    'stuck-1': 'failed',
    'stuck-2': 'failed',
  });
});

test.each([
  ['held', { held: 'failed' }],
  ['unknown', { lost: 'failed' }],
  ['completed', { done: 'failed' }],
])('a release of those in the state %s changes no others', async (state, changed) => {
  const console_ = await troubles();
  const client = await signIn(console_.running);
  expect(await done(client, 'release', { state })).toMatchObject({
    states: { [state]: 1 },
    job: { verdicts: { changed: 1 } },
  });
  expect(await states(console_)).toEqual({ ...untouched, ...changed });
});

test('without a state, an action is done to what it can be done to, counted by state', async () => {
  const filter = { operation: 'charge' };
  const released = await troubles();
  const client = await signIn(released.running);
  const all = { stuck: 2, held: 1, unknown: 1, failed: 1, completed: 1 };
  expect((await done(client, 'release', filter)).states).toEqual(all);
  expect(new Set(Object.values(await states(released)))).toEqual(new Set(['failed']));

  const extended = await troubles();
  const other = await signIn(extended.running);
  const { states: counted } = await done(other, 'extend', filter, { retention: false });
  expect(counted).toEqual({ failed: 1, completed: 1 });
  const { records } = await extended.idempotency.records.list({ status: 'failed' });
  expect(records[0]).not.toHaveProperty('expiresAt', expect.any(Number));
  expect(await states(extended)).toEqual(untouched);

  expect((await done(other, 'delete', filter)).states).toEqual(all);
  expect(await states(extended)).toEqual({});
});

test('the record says who released it and why, and so does the audit log, for each and for all of them', async () => {
  const console_ = await troubles();
  const client = await signIn(console_.running, 'grace');
  const filter = { state: 'stuck', operation: 'charge' };
  const { job } = await done(client, 'release', filter);
  const { records } = await console_.idempotency.records.list({ status: 'failed', text: 'stuck' });
  expect(records.map(({ settledBy }) => settledBy)).toEqual(
    Array(2).fill({ by: 'grace', reason: 'OPS-1' }),
  );
  const entry = { by: 'grace', action: 'release', reason: 'OPS-1', job: job.id };
  expect(console_.audited.slice(1)).toMatchObject([
    { ...entry, filter, counts: { counted: 2 }, outcome: 'started' },
    {
      ...entry,
      recordId: expect.stringMatching(/^prod\/charge\/0\//),
      version: expect.stringMatching(/^\d+\.in_progress$/),
      outcome: 'done',
    },
    {
      ...entry,
      recordId: expect.stringMatching(/^prod\/charge\/0\//),
      version: expect.stringMatching(/^\d+\.in_progress$/),
      outcome: 'done',
    },
    { ...entry, filter, counts: { counted: 2, matched: 2, changed: 2 }, outcome: 'done' },
  ]);
});

test('the probe is asked about abandoned records alone, and what came of each is told', async () => {
  const asked: string[] = [];
  const probe: Probe = ({ keyPreview = '' }) => {
    asked.push(keyPreview);
    if (keyPreview === 'lost') return { completed: 'found' };
    if (keyPreview === 'stuck-1') return 'reexecute';
    if (keyPreview === 'held') return 'hold';
    throw new Error('the provider is away');
  };
  const console_ = await troubles({ probe: { charge: probe } });
  const client = await signIn(console_.running);
  expect((await client.get('/api/about')).body).toMatchObject({ canReconcile: true });
  const { states: counted, job } = await done(client, 'reconcile', {});
  expect(counted).toEqual({ stuck: 2, held: 1, unknown: 1 });
  expect(asked.sort()).toEqual(['held', 'lost', 'stuck-1', 'stuck-2']);
  expect(job).toMatchObject({
    phase: 'done',
    matched: 4,
    verdicts: { completed: 1, released: 1, held: 1, failed: 1 },
    problem: 'The probe failed: the provider is away',
  });
  expect(await states(console_)).toEqual({ ...untouched, lost: 'completed', 'stuck-1': 'failed' });
  const [lost] = (await console_.idempotency.records.list({ text: 'lost' })).records;
  expect(lost).toMatchObject({ settledBy: { by: 'ada', reason: 'OPS-1' } });
  expect(lost?.expiresAt, 'it is kept until someone deletes it').toBe(undefined);
  const actions = console_.audited.map(({ action, outcome }) => `${action} ${outcome}`);
  expect(actions.slice(1).sort()).toEqual([
    'complete done',
    'reconcile done',
    'reconcile started',
    'release done',
  ]);
});

test('the probe is asked about those of one state where that is what is looked at', async () => {
  const console_ = await troubles({ probe: () => 'reexecute' });
  const client = await signIn(console_.running);
  const { job } = await done(client, 'reconcile', { state: 'unknown' });
  expect(job).toMatchObject({ matched: 1, verdicts: { released: 1 } });
  expect(await states(console_)).toEqual({ ...untouched, lost: 'failed' });
});

test('without a probe there is nothing to ask, and the page knows it', async () => {
  const console_ = await troubles();
  const client = await signIn(console_.running);
  expect((await client.get('/api/about')).body).toMatchObject({ canReconcile: false });
  const { order } = await count(client, 'reconcile', {});
  const reply = await client.post('/api/bulk/start', order);
  expect(reply).toMatchObject({ status: 400, body: { code: 'INVALID' } });
  expect(reply.body.message).toContain('twiceproof.config.ts');
  await expect(served({ probe: 'later' as never })).rejects.toThrow('probe is no function');
});

test('what is settled or started after the count is left alone', async () => {
  const console_ = await served();
  const work = Promise.withResolvers<void>();
  const busy = console_.idempotency.execute(
    { operation: 'charge', key: 'busy' },
    () => work.promise,
  );
  await execute(console_, 'counted');
  const client = await signIn(console_.running);
  const { states: counted, order } = await count(client, 'release', { operation: 'charge' });
  expect(counted).toEqual({ completed: 1 });
  // What ends in the same millisecond counts as having been there.
  await expect.poll(() => Date.now()).toBeGreaterThan(order.until + 1);
  work.resolve();
  await busy;
  await execute(console_, 'late');
  await client.post('/api/bulk/start', order);
  expect(await ended(client)).toMatchObject({ matched: 1, verdicts: { changed: 1 } });
  expect(await states(console_)).toEqual({
    counted: 'failed',
    busy: 'completed',
    late: 'completed',
  });
});
