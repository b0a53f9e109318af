import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  type Claim,
  RECORD_FORMAT,
  recordVersion,
  type Store,
  type StoredRecord,
} from '@twiceproof/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Backend, backendNames, startBackend } from './backends.ts';
import { Oracle, type OracleRecord } from './oracle.ts';
import { type Random, seeded } from './seeded.ts';

// A hundred of them ask each engine 40,000 times; for a night, name more.
const walks = Number(process.env.WALKS ?? 100);
const stepsPerWalk = 400;
const leaseMs = 3_600_000;
const retentionMs = 86_400_000;
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

/** One random history of one record id, on the store and on the oracle at once. */
class Walk {
  readonly #stores: readonly Store[];
  readonly #random: Random;
  readonly #oracle = new Oracle();
  readonly #id: string;
  readonly #tokens: string[] = [];
  /** Versions that were seen: the store's, and the oracle's of the same moment. */
  readonly #versions: { store: string; oracle: number }[] = [];
  #fence = 0;
  readonly history: unknown[] = [];

  constructor(stores: readonly Store[], random: Random, name: string) {
    this.#stores = stores;
    this.#random = random;
    this.#id = `differential/walk/0/${name}`;
  }

  async step(): Promise<void> {
    const store = this.#random.pick(this.#stores);
    const id = this.#id;
    switch (this.#random.pick(actions)) {
      case 'acquire':
        return this.#acquire(store);
      case 'renew': {
        const token = this.#token();
        const answer = await store.renew(id, token, leaseMs);
        return this.#same('renew', answer !== undefined, this.#oracle.renew(id, token));
      }
      case 'complete': {
        const token = this.#token();
        const outcome = this.#random.pick(['one', 'two', '']);
        const forEver = this.#random.chance(0.2);
        const answer = await store.complete(id, token, {
          bytes: Buffer.from(outcome),
          retentionMs: forEver ? null : retentionMs,
        });
        const expected = this.#oracle.settle(id, token, 'completed', { outcome, forEver });
        return this.#same('complete', answer.status, expected);
      }
      case 'release': {
        const token = this.#token();
        const message = this.#random.pick(['boom', 'bang']);
        const error = { name: 'Error', message };
        const unknown = this.#random.chance(0.4);
        const by = unknown ? undefined : this.#random.pick([undefined, 'ada']);
        const settledBy = by === undefined ? undefined : { by };
        const note = { error, retentionMs, unknown, settledBy };
        const answer = await store.release(id, token, note);
        const status = unknown ? 'in_progress' : 'failed';
        const change = { lastError: message, settledBy: by };
        const expected = this.#oracle.settle(id, token, status, change);
        return this.#same('release', answer.status, expected);
      }
      case 'delete': {
        const seen = this.#seenVersion();
        const answer = await store.delete(id, seen && { version: seen.store });
        return this.#same(
          'delete',
          answer,
          this.#oracle.delete(id, seen?.oracle, seen !== undefined),
        );
      }
      case 'extend': {
        const seen = this.#seenVersion();
        const answer = await store.extend?.(id, null, seen && { version: seen.store });
        const expected = this.#oracle.extend(id, seen?.oracle, seen !== undefined);
        // A store may recognise that the record is what was asked for already, as at a retry.
        if (expected === 'already') return;
        return this.#same('extend', answer !== undefined, expected);
      }
      case 'get':
        return this.#compare(await store.get(id), this.#oracle.get(id));
    }
  }

  async #acquire(store: Store): Promise<void> {
    const seen = this.#seenVersion();
    const claim: Claim = {
      id: this.#id,
      environment: 'differential',
      operation: 'walk',
      run: 0,
      token: this.#random.chance(0.3) ? this.#token() : randomUUID(),
      leaseMs,
      retentionMs,
      fingerprint: this.#random.pick([undefined, undefined, 'f1', 'f2']),
      workflow: this.#random.pick([undefined, 'a workflow']),
      abandoned: this.#random.pick(['reexecute', 'hold'] as const),
      supersedes: seen?.store,
      settlesOnly: seen !== undefined && this.#random.chance(0.5),
      formatVersion: RECORD_FORMAT,
    };
    this.#tokens.push(claim.token);
    const { status, record } = await store.acquire(claim);
    const before = this.#oracle.get(this.#id);
    const isMine = before?.status === 'in_progress' && before.token === claim.token;
    const expected = this.#oracle.acquire(claim, seen?.oracle);
    this.#same('acquire', status, expected);
    if (status === 'acquired' && !isMine) {
      expect(record.fence).toBeGreaterThan(this.#fence);
      this.#fence = record.fence;
    }
    this.#compare(record, this.#oracle.get(this.#id));
  }

  #compare(record: StoredRecord | undefined, expected: OracleRecord | undefined): void {
    const shown = record && {
      status: record.status,
      token: record.token,
      attempt: record.attempt,
      fingerprint: record.fingerprint ?? undefined,
      outcome: record.outcome && Buffer.from(record.outcome).toString(),
      lastError: record.lastError?.message,
      settledBy: record.settledBy?.by,
      workflow: record.workflow ?? undefined,
      forEver: record.status !== 'in_progress' && record.expiresAt === undefined,
      fence: record.fence,
    };
    const { version, ...visible } = expected ?? {};
    this.#same('record', shown, expected && { ...visible, fence: this.#fence });
    if (record && version !== undefined) {
      this.#versions.push({ store: recordVersion(record), oracle: version });
    }
  }

  #same(what: string, answer: unknown, expected: unknown): void {
    this.history.push([what, answer]);
    // Cheaper than an assertion, which is made only for its message.
    if (!isDeepStrictEqual(answer, expected)) expect(answer, what).toStrictEqual(expected);
  }

  #token(): string {
    const { length } = this.#tokens;
    if (length === 0) return 'nobody';
    // Mostly the latest, which may be the owner.
    return this.#tokens[this.#random.chance(0.7) ? length - 1 : this.#random.below(length)]!;
  }

  #seenVersion(): { store: string; oracle: number } | undefined {
    if (this.#versions.length === 0 || this.#random.chance(0.6)) return undefined;
    return this.#versions[
      this.#versions.length - 1 - this.#random.below(Math.min(3, this.#versions.length))
    ];
  }
}

const actions = [
  'acquire',
  'acquire',
  'acquire',
  'renew',
  'complete',
  'complete',
  'release',
  'release',
  'delete',
  'extend',
  'get',
] as const;

describe.each(backendNames)('%s', (name) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await startBackend[name]();
  });
  afterAll(() => backend?.stop());

  it(`answers ${walks * stepsPerWalk} random operations as the oracle does (seed ${seed})`, {
    retry: 0,
  }, async () => {
    const stores = [await backend.open(), await backend.open()];
    const run = async (at: number): Promise<void> => {
      const walk = new Walk(stores, seeded(seed + at), `${seed}-${at}`);
      try {
        for (let step = 0; step < stepsPerWalk; step++) await walk.step();
      } catch (error) {
        console.error(
          `walk ${at} of seed ${seed}:\n${JSON.stringify(walk.history.slice(-12), null, 1)}`,
        );
        throw error;
      }
    };
    await Promise.all(Array.from({ length: walks }, (_, at) => run(at)));
  });
});
