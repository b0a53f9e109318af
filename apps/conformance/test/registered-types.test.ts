import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { createIdempotency, type Store } from '@twiceproof/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Backend, type BackendName, startBackend } from './backends.ts';
import { deepest, HttpException, typedValue, types } from './random-types.ts';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
/** What a class comes back as is core's doing; other engines show that they keep any bytes. */
const countOn = (name: BackendName): number => (name === 'memory' ? 1_000 : 200);
const atATime = 50;

/** What a value is, down to what its classes keep hidden: Temporal's have nothing to look at. */
function told(value: unknown): unknown {
  const codec = types.find(({ is }) => is(value));
  if (codec) return [codec.name, told(codec.encode(value))];
  if (value instanceof Map) return ['Map', [...value].map(told)];
  if (value instanceof Set) return ['Set', [...value].map(told)];
  if (Array.isArray(value)) return value.map(told);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return Object.entries(value).map(([name, part]) => [name, told(part)]);
}

describe.each(Object.keys(startBackend) as BackendName[])('registered types on %s', (name) => {
  const count = countOn(name);
  let backend: Backend;
  let stores: Store[];
  beforeAll(async () => {
    backend = await startBackend[name]();
    stores = [await backend.open(), await backend.open()];
  });
  afterAll(() => backend?.stop());

  it(`gives ${count} random values of classes back as they were, compressed and encrypted`, async () => {
    const values = fc.sample(typedValue(deepest), { numRuns: count, seed });
    // The error that holds them takes two levels itself.
    const parts = fc.sample(typedValue(deepest - 2), { numRuns: count, seed });
    const options = {
      environment: `types-${randomUUID()}`,
      types,
      compress: { threshold: 64 },
      encrypt: { current: 'k', keys: { k: new Uint8Array(32).fill(7) } },
      failure: 'record' as const,
    };
    const [executing, replaying] = stores.map((store) => createIdempotency({ ...options, store }));
    const check = async (value: unknown, index: number): Promise<void> => {
      const own = { operation: 'value', key: index };
      const first = await executing!.execute(own, () => value);
      const second = await replaying!.execute(own, () => 'executed again');
      expect([first.outcome, second.outcome]).toEqual(['executed', 'replayed']);
      if (
        !isDeepStrictEqual(second.value, value) ||
        !isDeepStrictEqual(told(second.value), told(value))
      ) {
        throw new Error(`value ${index} of SEED=${seed} came back as another`);
      }
      const failing = { operation: 'error', key: index };
      const thrown = new HttpException(parts[index], 402);
      await executing!.settled(failing, () => Promise.reject(thrown));
      const { outcome, error } = await replaying!.settled(failing, () => 'executed again');
      expect(outcome).toBe('replayed_error');
      if (!(error instanceof HttpException) || !isDeepStrictEqual(told(error), told(thrown))) {
        throw new Error(`the error of value ${index} of SEED=${seed} came back as another`);
      }
    };
    for (let start = 0; start < count; start += atATime) {
      const batch = values.slice(start, start + atATime);
      await Promise.all(batch.map((value, index) => check(value, start + index)));
    }
  });
});
