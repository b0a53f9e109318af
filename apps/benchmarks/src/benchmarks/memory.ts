import { hash, randomUUID } from 'node:crypto';
import { createIdempotency } from '@twiceproof/core';
import { bytesKeptBy } from '@twiceproof/counting';
import { memoryStore } from '@twiceproof/memory';
import { chargeWith } from '../layers/charge.ts';
import { byEvent, byId, type KeyChoice } from '../layers/key-choice.ts';
import { paymentOf } from '../layers/payments.ts';
import type { Setting } from '../measuring/benchmark.ts';
import type { Comparison } from '../measuring/comparison.ts';
import { processorCostOf } from '../measuring/load.ts';

/** Twiceproof within one process: what an answer from memory takes, and what a record does. */
export async function* memory({ count }: Setting): AsyncIterable<Comparison> {
  // As many different ones as the replays have: one alone would stay in the cache of the processor.
  const payments = Array.from({ length: 1_000 }, (_, at) =>
    paymentOf(`payment-${at}-${randomUUID()}`),
  );
  const hashEvent = async (at: number) =>
    hash('sha256', JSON.stringify(payments[at % payments.length]), 'base64url');
  const replaying = (key: KeyChoice) => {
    const charge = chargeWith({ store: memoryStore(), key });
    return async (calls: number) => ({ cpu: (await charge.replays({ calls, atOnce: 1 })).cpu! });
  };
  yield {
    title: 'replay of an event of 1 KB, one after the other',
    atOnce: 1,
    contenders: [
      {
        name: 'its JSON and SHA-256',
        role: 'floor',
        sample: (calls) => processorCostOf(calls, hashEvent),
      },
      { name: 'Twiceproof, key = its id', role: 'ours', sample: replaying(byId) },
      { name: 'Twiceproof, key = all of it', role: 'ours', sample: replaying(byEvent) },
    ],
  };
  // Fewer weigh less than what else comes and goes in a process.
  const records = Math.max(count(80_000), 5_000);
  const keptBy = (make: () => unknown) => async () => ({
    bytes: (await bytesKeptBy(make)) / records,
  });
  yield {
    title: 'memory for a result of 100 bytes',
    atOnce: 1,
    contenders: [
      { name: 'Map of ids to bytes', role: 'floor', sample: keptBy(() => fillMap(records)) },
      { name: 'memoryStore()', role: 'ours', sample: keptBy(() => fillStore(records)) },
      { name: 'through wrap()', role: 'ours', sample: keptBy(() => fillThroughWrap(records)) },
    ],
  };
}

function newId(at: number): string {
  return `benchmark/charge-payment/0/${hash('sha256', String(at), 'base64url')}`;
}

function fillMap(records: number) {
  const results = new Map<string, Uint8Array>();
  for (let at = 0; at < records; at++) results.set(newId(at), new Uint8Array(100));
  return results;
}

async function fillStore(records: number) {
  const store = memoryStore({ maxRecords: records });
  const bytes = new Uint8Array(100);
  for (let at = 0; at < records; at++) {
    const id = newId(at);
    const token = `token-of-${id}`;
    const work = { id, environment: 'benchmark', operation: 'charge-payment', run: 0, token };
    const rest = { leaseMs: 30_000, retentionMs: 86_400_000, formatVersion: 1 } as const;
    await store.acquire({ ...work, ...rest, abandoned: 'reexecute' });
    await store.complete(id, token, { bytes, retentionMs: 86_400_000 });
  }
  return store;
}

async function fillThroughWrap(records: number) {
  const store = memoryStore({ maxRecords: records });
  const idempotency = createIdempotency({ environment: 'benchmark', store });
  // Encoded, it has about 100 bytes.
  const charge = idempotency.wrap(async (id: string) => ({ id, receipt: 'x'.repeat(70) }), {
    operation: 'charge-payment',
    key: (id) => id,
  });
  for (let at = 0; at < records; at++) await charge(`payment-${at}`);
  return { store, idempotency };
}
