import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import {
  createIdempotency,
  type Offload,
  RECORD_FORMAT,
  type StoredRecord,
} from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { expect, test } from 'vitest';
import { cases } from './formats/cases.ts';

/**
 * Results as versions before this one have recorded them: a file for each format, which is never changed. Their stores
 * keep them as they are; what the stores write is kept beside those.
 */
interface Kept {
  readonly records: Readonly<Record<string, StoredRecord & { readonly outcome: string }>>;
  /** What was offloaded, by its reference. */
  readonly objects: Readonly<Record<string, string>>;
}

const folder = new URL('formats/', import.meta.url);
const formats = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -'.json'.length));
const kept = (format: string) =>
  JSON.parse(readFileSync(new URL(`${format}.json`, folder), 'utf8')) as Kept;

const wrapped = (name: string, objects: Map<string, Uint8Array>, fn: () => unknown) => {
  const store = memoryStore();
  const offload: Offload = {
    put: async (ref, bytes) => void objects.set(ref, Uint8Array.from(bytes)),
    get: async (ref) => objects.get(ref),
    delete: async () => {},
  };
  const idempotency = createIdempotency({ environment: 'prod', store, retention: false });
  const once = idempotency.wrap(async (_id: string) => fn(), {
    operation: name,
    key: (id) => id,
    ...cases[name]!.options?.(offload),
  });
  return { store, once };
};

const outcomeOf = async (asking: Promise<unknown>) =>
  asking.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );

const executed = () => {
  throw new Error('executed once more');
};

const recorded = formats.flatMap((format) =>
  Object.keys(cases).map((name) => [format, name] as const),
);

test.each(recorded)('format %s, %s: is replayed, and under the same id', async (format, name) => {
  const { records, objects } = kept(format);
  const record = records[name]!;
  const old = new Map(Object.entries(objects).map(([ref, hex]) => [ref, Buffer.from(hex, 'hex')]));
  const { store, once } = wrapped(name, old, executed);
  expect(await once.idOf('order-1')).toBe(record.id);
  await store.fill({ ...record, outcome: Buffer.from(record.outcome, 'hex') }, 60_000);
  const replay = await outcomeOf(once('order-1'));
  if (name === 'omitted') {
    expect(replay).toMatchObject({ error: { code: 'RESULT_OMITTED' } });
    return;
  }
  const expected = await outcomeOf((async () => cases[name]!.make())());
  assert.deepStrictEqual(replay, expected);
});

test.each(Object.keys(cases))('%s: is written as it is kept', async (name) => {
  const objects = new Map<string, Uint8Array>();
  const { store, once } = wrapped(name, objects, cases[name]!.make);
  await outcomeOf(once('order-1'));
  const written = Buffer.from((await store.get(await once.idOf('order-1')))!.outcome!).toString(
    'hex',
  );
  const { outcome } = kept(String(RECORD_FORMAT)).records[name]!;
  // What follows the header is random where it is encrypted, another zlib's where it is compressed, and names
  // the attempt where it is kept elsewhere.
  const header = /^(?:encrypted|gzip|zstd|offloaded)/.test(name) ? 4 : outcome.length;
  expect(written.slice(0, header)).toBe(outcome.slice(0, header));
});

test.each(formats)(
  'format %s: a workflow goes on after the steps that are recorded',
  async (format) => {
    const { records } = kept(format);
    const store = memoryStore();
    for (const step of ['step charge', 'step ship']) {
      const { outcome, ...record } = records[step]!;
      await store.fill({ ...record, outcome: Buffer.from(outcome, 'hex') }, 60_000);
    }
    const idempotency = createIdempotency({ environment: 'prod', store, retention: false });
    const fulfil = idempotency.workflow(
      async (_order: { id: string }, step) => {
        const paid = await step('charge', executed);
        const shipped = await step('ship', executed);
        return step('notify', () => ({ paid, shipped }));
      },
      { operation: 'fulfil', key: (order) => order.id },
    );
    assert.deepStrictEqual(await fulfil({ id: 'order-1' }), {
      paid: { paid: 'order-1', at: new Date(1_700_000_000_000) },
      shipped: { label: 'L1' },
    });
  },
);
