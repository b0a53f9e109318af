import { expect } from 'vitest';
import { deployed } from './deployed.ts';
import type * as decorated from './fixtures/decorated.ts';

/** Expects that the decorated methods of a built module are executed once, each on its own `this`. */
export async function expectProtected(built: string): Promise<void> {
  const { billingOf }: typeof decorated = await import(/* @vite-ignore */ built);
  const { idempotency } = deployed();
  const { billing, ping } = billingOf(idempotency, 'EUR');
  expect(await billing.refund({ id: 'r1' }, 5)).toBe('r1: 5 EUR');
  expect(await billing.refund({ id: 'r1' }, 5)).toBe('r1: 5 EUR');
  expect(await billing.refund({ id: 'r2' }, 7)).toBe('r2: 7 EUR');
  expect(billing.refunds).toBe(2);
  expect([await ping(), await ping()]).toEqual(['pong 1', 'pong 1']);
  expect((await idempotency.records.list()).records).toHaveLength(3);
}
