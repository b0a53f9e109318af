import { createIdempotency, currentExecution } from '@twiceproof/core';
import { survivingBytesOfCall } from '@twiceproof/counting';
import { memoryStore } from '@twiceproof/memory';
import { expect, test } from 'vitest';

const calls = 500;

const input = (at: number) => ({
  id: `${at}`,
  lines: Array.from({ length: 100 }, () => ({ at })),
});

test('a function that looks at its execution does not keep its input from the next collection', async () => {
  const { wrap } = createIdempotency({ environment: 'test', store: memoryStore() });
  const charge = wrap(
    async (_order: ReturnType<typeof input>) => currentExecution().downstreamKey,
    {
      operation: 'charge',
      key: ({ id }) => id,
    },
  );
  expect(await survivingBytesOfCall(calls, (at) => charge(input(at)))).toBeLessThan(2_500);
});

test('a workflow does not keep its input from the next collection', async () => {
  const { workflow } = createIdempotency({ environment: 'test', store: memoryStore() });
  const ship = workflow(async ({ id }: ReturnType<typeof input>) => id, {
    operation: 'ship',
    key: ({ id }) => id,
  });
  expect(await survivingBytesOfCall(calls, (at) => ship(input(at)))).toBeLessThan(2_500);
});
