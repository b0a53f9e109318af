import { createIdempotency, type OperationOptions } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { describe, expectTypeOf, it } from 'vitest';

const idempotency = createIdempotency({ environment: 'test', store: memoryStore() });
const work = async (order: { id: string; tenant?: string }) => order.id;

describe("options' types", () => {
  it('take a probe in every form, also one that always answers the same', () => {
    const base = { operation: 'work' };
    idempotency.wrap(work, { ...base, abandoned: async () => 'reexecute' });
    idempotency.wrap(work, { ...base, abandoned: async () => 'hold' });
    idempotency.wrap(work, { ...base, abandoned: async () => ({ completed: 1 }) });
    idempotency.wrap(work, { ...base, abandoned: () => 'reexecute' });
    idempotency.wrap(work, {
      ...base,
      abandoned: async ({ attempt }) => (attempt > 1 ? 'hold' : { completed: attempt }),
    });
    idempotency.extend({ abandoned: async () => 'reexecute' });
    // @ts-expect-error no such answer
    const wrong: OperationOptions = { abandoned: async () => 'retry' };
    expectTypeOf(wrong).toEqualTypeOf<OperationOptions>();
  });

  it('take a scope for every call, or none', () => {
    idempotency.wrap(work, { operation: 'work', scope: (order) => order.tenant ?? 'none' });
    // @ts-expect-error a call without a scope is refused
    const wrong: OperationOptions<[{ tenant?: string }]> = { scope: (order) => order.tenant };
    expectTypeOf(wrong).toEqualTypeOf<OperationOptions<[{ tenant?: string }]>>();
  });

  it('take compression by name, by its options, or switched on', () => {
    expectTypeOf<true>().toExtend<OperationOptions['compress']>();
    expectTypeOf<'zstd' | 'gzip'>().toExtend<OperationOptions['compress']>();
    expectTypeOf<{ threshold: number }>().toExtend<OperationOptions['compress']>();
    expectTypeOf<'brotli'>().not.toExtend<OperationOptions['compress']>();
  });
});
