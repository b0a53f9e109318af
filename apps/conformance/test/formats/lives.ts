import { setTimeout as elapsed } from 'node:timers/promises';
import { type Claim, RECORD_FORMAT, type Store, type StoredRecord } from '@twiceproof/core';

/** A hundred years: what is kept as a file must not expire. */
const longMs = 3_000_000_000_000;
/** A lease that is over at once, also where a margin is added. */
const shortMs = 1;

/** The envelope of the result `'done'`. */
const bytes = Buffer.from('0101a4646f6e65', 'hex');
const failure = { error: { name: 'Error', message: 'declined' }, retentionMs: longMs };

const everything: Partial<Claim> = {
  scope: 'tenant',
  fingerprint: 'ünï',
  keyPreview: '🔑',
  inputPreview: '{"a":1}',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  workflow: 'test/flow/0/w',
  inputDigest: 'digest',
};

export function claimOf(name: string, more: Partial<Claim> = {}): Claim {
  return {
    id: `test/pay/0/${name}`,
    environment: 'test',
    operation: 'pay',
    run: 0,
    token: `token-of-${name}`,
    leaseMs: longMs,
    retentionMs: longMs,
    abandoned: 'reexecute',
    formatVersion: RECORD_FORMAT,
    ...more,
  };
}

type Live = (store: Store, mine: Claim) => Promise<unknown>;

/** Every way a record can have come to be, by name. */
export const lives: Readonly<Record<string, Live>> = {
  claimed: (store, mine) => store.acquire(mine),
  'claimed-with-everything': (store, mine) =>
    store.acquire({ ...mine, ...everything, retentionMs: null }),
  async renewed(store, mine) {
    await store.acquire({ ...mine, leaseMs: 60_000 });
    await store.renew(mine.id, mine.token, longMs);
  },
  abandoned: (store, mine) => store.acquire({ ...mine, leaseMs: shortMs }),
  async 'taken-over'(store, mine) {
    await store.acquire({ ...mine, token: 'first', leaseMs: shortMs });
    while ((await store.acquire(mine)).status === 'existing') await elapsed(100);
  },
  async completed(store, mine) {
    await store.acquire({ ...mine, ...everything });
    await store.complete(mine.id, mine.token, { bytes, retentionMs: longMs });
  },
  async 'completed-by-ada'(store, mine) {
    const settledBy = { by: 'ada', reason: 'seen at the bank' };
    const { traceparent } = everything;
    const end = { bytes, retentionMs: null, lastError: failure.error, settledBy, traceparent };
    await store.acquire(mine);
    await store.complete(mine.id, mine.token, end);
  },
  async failed(store, mine) {
    await store.acquire(mine);
    await store.release(mine.id, mine.token, failure);
  },
  async 'failed-for-ever'(store, mine) {
    await store.acquire({ ...mine, ...everything });
    await store.release(mine.id, mine.token, { ...failure, retentionMs: null });
  },
  async unknown(store, mine) {
    await store.acquire(mine);
    await store.release(mine.id, mine.token, { ...failure, unknown: true });
  },
  async extended(store, mine) {
    await store.acquire(mine);
    await store.complete(mine.id, mine.token, { bytes, retentionMs: 60_000 });
    await store.extend!(mine.id, longMs);
  },
  async deleted(store, mine) {
    await store.acquire(mine);
    await store.delete(mine.id);
  },
};

/** What becomes of a claim by somebody else, for each of them. */
export const answers: Readonly<Record<keyof typeof lives, object>> = {
  claimed: { status: 'existing', record: { status: 'in_progress', attempt: 1 } },
  'claimed-with-everything': { status: 'existing', record: { status: 'in_progress' } },
  renewed: { status: 'existing', record: { status: 'in_progress', attempt: 1 } },
  abandoned: { status: 'acquired', record: { attempt: 2 } },
  'taken-over': { status: 'existing', record: { status: 'in_progress', attempt: 2 } },
  completed: { status: 'existing', record: { status: 'completed', outcomeBytes: bytes.length } },
  'completed-by-ada': { status: 'existing', record: { status: 'completed', attempt: 1 } },
  failed: { status: 'acquired', record: { attempt: 2 } },
  'failed-for-ever': { status: 'acquired', record: { attempt: 2 } },
  unknown: { status: 'acquired', record: { attempt: 2 } },
  extended: { status: 'existing', record: { status: 'completed', attempt: 1 } },
  deleted: { status: 'acquired', record: { attempt: 1 } },
};

/** A record as it stands in a file: nothing of what is not there, and its outcome as text. */
export function plain(record: StoredRecord | undefined): unknown {
  if (record === undefined) return null;
  const outcome = record.outcome && Buffer.from(record.outcome).toString('hex');
  return JSON.parse(JSON.stringify({ ...record, outcome }));
}
