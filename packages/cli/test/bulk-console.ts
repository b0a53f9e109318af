import type { BulkAction, BulkCount, BulkFilter, BulkJob } from '@twiceproof/console/wire';
import { isOutcomeUnknown, outcomeUnknown } from '@twiceproof/core';
import { expect } from 'vitest';
import type { ConsoleClient } from './console-client.ts';
import { type Served, served } from './served-console.ts';

export async function execute({ idempotency }: Served, key: string, operation = 'charge') {
  await idempotency.execute({ operation, key }, () => ({ paid: key }));
}

async function fail({ idempotency }: Served, key: string, error = new Error('gateway is down')) {
  await idempotency
    .execute({ operation: 'charge', key }, () => Promise.reject(error))
    .catch(() => {});
}

const lose = (console_: Served, key: string) =>
  fail(console_, key, outcomeUnknown(new Error('no answer')));

async function abandon(
  { store, idempotency }: Served,
  key: string,
  abandoned: 'hold' | 'reexecute',
) {
  const charge = idempotency.wrap(async (_key: string) => {}, {
    operation: 'charge',
    key: (each) => each,
  });
  await store.acquire({
    id: await charge.idOf(key),
    environment: 'prod',
    operation: 'charge',
    run: 0,
    token: key,
    leaseMs: 1,
    retentionMs: abandoned === 'hold' ? null : 3_600_000,
    keyPreview: key,
    abandoned,
    formatVersion: 1,
  });
}

/** Two records that are stuck, one that is held, one of unknown outcome, one that failed, one that is done. */
export async function troubles(options: Parameters<typeof served>[0] = {}): Promise<Served> {
  const console_ = await served(options);
  await abandon(console_, 'stuck-1', 'reexecute');
  await abandon(console_, 'stuck-2', 'reexecute');
  await abandon(console_, 'held', 'hold');
  await lose(console_, 'lost');
  await fail(console_, 'failed');
  await execute(console_, 'done');
  await expect
    .poll(async () => (await console_.store.list({ stuck: true, limit: 9 })).records)
    .toHaveLength(4);
  return console_;
}

/** Counts as the page does, part by part. */
export async function count(client: ConsoleClient, action: BulkAction, filter: BulkFilter) {
  const states: Record<string, number> = {};
  let [until, at, cursor]: [number, number | undefined, string | undefined] = [
    0,
    undefined,
    undefined,
  ];
  do {
    const query = new URLSearchParams({ action, ...filter });
    if (at !== undefined) query.set('at', String(at));
    if (cursor !== undefined) query.set('cursor', cursor);
    const { status, body } = await client.get(`/api/bulk/count?${query}`);
    expect(status).toBe(200);
    const part = body as BulkCount;
    for (const [state, more] of Object.entries(part.states))
      states[state] = (states[state] ?? 0) + more;
    until = Math.max(until, part.until);
    ({ at, cursor } = part);
  } while (cursor !== undefined);
  const sum = Object.values(states).reduce((a, b) => a + b, 0);
  return { states, order: { action, filter, at, until, count: sum, reason: 'OPS-1' } };
}

export async function ended(client: ConsoleClient): Promise<BulkJob> {
  let job: BulkJob | undefined;
  await expect
    .poll(async () => {
      job = (await client.get('/api/bulk')).body.job;
      return job?.phase;
    })
    .toMatch(/done|stopped|failed/);
  return job!;
}

export async function done(
  client: ConsoleClient,
  action: BulkAction,
  filter: BulkFilter,
  more = {},
) {
  const { states, order } = await count(client, action, filter);
  const reply = await client.post('/api/bulk/start', { ...order, ...more });
  expect(reply, reply.text).toMatchObject({ status: 200, body: { job: { action } } });
  return { states, job: await ended(client) };
}

export async function states({ idempotency }: Served): Promise<Record<string, string>> {
  const { records } = await idempotency.records.list({ environment: null });
  return Object.fromEntries(
    records.map((r) => [r.keyPreview, isOutcomeUnknown(r) ? 'unknown' : r.status]),
  );
}

/** What `states` answers of the troubles while nothing was done. */
export const untouched = {
  'stuck-1': 'in_progress',
  'stuck-2': 'in_progress',
  held: 'in_progress',
  lost: 'unknown',
  failed: 'failed',
  done: 'completed',
};
