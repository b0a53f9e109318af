import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createIdempotency, currentExecution } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { expect, test } from 'vitest';

setFlagsFromString('--expose-gc');
const collect: (how: { type: 'minor' | 'major' }) => void = runInNewContext('gc');

const calls = 500;

/** Bytes of a call that are old after it, its record among them. */
async function oldBytesOf(call: (at: number) => Promise<unknown>): Promise<number> {
  for (let at = 0; at < calls; at++) await call(at);
  collect({ type: 'major' });
  const before = oldBytes();
  for (let at = calls; at < 2 * calls; at++) {
    await call(at);
    if (at % 20 === 0) collect({ type: 'minor' });
  }
  return (oldBytes() - before) / calls;
}

function oldBytes(): number {
  const { space_used_size } = getHeapSpaceStatistics().find(
    ({ space_name }) => space_name === 'old_space',
  )!;
  return space_used_size;
}

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
  expect(await oldBytesOf((at) => charge(input(at)))).toBeLessThan(2_500);
});

test('a workflow does not keep its input from the next collection', async () => {
  const { workflow } = createIdempotency({ environment: 'test', store: memoryStore() });
  const ship = workflow(async ({ id }: ReturnType<typeof input>) => id, {
    operation: 'ship',
    key: ({ id }) => id,
  });
  expect(await oldBytesOf((at) => ship(input(at)))).toBeLessThan(2_500);
});
