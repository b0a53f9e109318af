import { createIdempotency } from '@twiceproof/core';
import { settledAtOnce } from '@twiceproof/core/toolkit';
import { memoryStore } from '@twiceproof/memory';
import { expect, test } from 'vitest';

const { execute, workflow, wrap } = createIdempotency({
  environment: 'test',
  store: memoryStore(),
});
const ofTenant = wrap(async (tenant: string) => tenant, {
  operation: 'of-tenant',
  key: () => 'a',
  scope: (tenant) => tenant,
});
const stepping = workflow(
  async (_input: number, step) => {
    await step('one', () => 1);
    throw new Error('not yet');
  },
  { operation: 'stepping', key: () => 'a' },
);

// What would be known of them, nobody would ever ask for.
test.each<[string, (at: number) => Promise<unknown>]>([
  [
    'of a function that is wrapped for one call',
    () => execute({ operation: 'x', key: 1 }, () => 1),
  ],
  ['of scopes that take turns', (at) => ofTenant(`tenant ${at % 2}`)],
  ['of steps', () => stepping(1).catch(() => {})],
])('thousands of replays %s let nothing be forgotten that is in use', async (_of, call) => {
  const charge = wrap(async (id: string) => ({ id }), { operation: 'charge', key: (id) => id });
  for (let time = 0; time < 4; time += 1) await settledAtOnce(charge, 'a');
  const { value } = await settledAtOnce(charge, 'a');
  for (let at = 0; at < 5_000; at += 1) await call(at);
  expect((await settledAtOnce(charge, 'a')).value).toBe(value);
});
