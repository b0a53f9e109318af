import { hash } from 'node:crypto';
import { memoryStore } from '@twiceproof/memory';
import type { Benchmark } from './benchmark.ts';
import { byId, chargeWith } from './charge.ts';
import { bytesKeptBy } from './heap.ts';
import { microsPerCall, processorTime } from './load.ts';
import { paymentOf } from './payments.ts';

/** Twiceproof within one process: what an answer from memory takes, and what a record does. */
export const memory: Benchmark = {
  name: 'memory',
  about: 'replays from memory, against a hash of the event; bytes for each record',

  async prepare({ calls }) {
    const replay = { calls: calls(2_000), atOnce: 1, clock: processorTime };
    const payment = paymentOf('payment-known');
    const hashEvent = async () => hash('sha256', JSON.stringify(payment), 'base64url');
    const keyedById = chargeWith({ store: memoryStore(), key: byId });
    const keyedByAll = chargeWith({ store: memoryStore(), key: (all) => ({ ...all }) });

    const records = calls(20_000);
    const fillMap = () => {
      const results = new Map<string, Uint8Array>();
      for (let at = 0; at < records; at++) results.set(newId(at), new Uint8Array(100));
      return results;
    };
    const fillStore = async () => {
      const store = memoryStore();
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
    };
    return [
      {
        title: 'replay of an event of 1 KB, one after the other',
        unit: 'CPU µs a call',
        contenders: [
          { name: 'its JSON and SHA-256', sample: () => microsPerCall(replay, hashEvent) },
          { name: 'Twiceproof, key = its id', sample: () => keyedById.replays(replay) },
          { name: 'Twiceproof, key = all of it', sample: () => keyedByAll.replays(replay) },
        ],
      },
      {
        title: 'memory for a result of 100 bytes',
        unit: 'bytes a record',
        contenders: [
          {
            name: 'Map of ids to bytes',
            sample: async () => (await bytesKeptBy(fillMap)) / records,
          },
          { name: 'memoryStore()', sample: async () => (await bytesKeptBy(fillStore)) / records },
        ],
      },
    ];
  },
};

function newId(at: number): string {
  return `benchmark/charge-payment/0/${hash('sha256', String(at), 'base64url')}`;
}
