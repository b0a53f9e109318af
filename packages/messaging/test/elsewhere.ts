import type { IdempotencyOptions } from '@twiceproof/core';
import { vi } from 'vitest';
import { type Deployed, deployed } from './deployed.ts';

/** Work that another process has begun, and how to end it. */
export interface Elsewhere extends Deployed {
  finish(result: string): Promise<void>;
}

export async function begunElsewhere(
  options: Partial<IdempotencyOptions>,
  work: { readonly operation: string; readonly key: string },
): Promise<Elsewhere> {
  const deployment = deployed(options);
  const started = Promise.withResolvers<void>();
  const result = Promise.withResolvers<string>();
  const done = deployment.elsewhere().settled(work, () => {
    started.resolve();
    return result.promise;
  });
  await started.promise;
  return {
    ...deployment,
    finish: async (value) => {
      result.resolve(value);
      await done;
    },
  };
}

/** The same, left at the end of its lease, which the record is held for. */
export async function heldElsewhere(
  options: Partial<IdempotencyOptions>,
  work: { readonly operation: string; readonly key: string },
): Promise<Deployed> {
  const deployment = await begunElsewhere({ lease: '200ms', heartbeat: false, ...options }, work);
  await vi.waitFor(async () => {
    const { records } = await deployment.idempotency.records.list({ held: true });
    if (records.length === 0) throw new Error('its lease is not over');
  }, 20_000);
  return deployment;
}
