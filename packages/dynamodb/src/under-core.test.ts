import { createIdempotency, isIdempotencyError } from '@twiceproof/core';
import { expect, test } from 'vitest';
import { countRequests, newStore, useEmulator } from '../test/emulator.ts';

const emulator = useEmulator();

test('calls cost two requests, one for a replay and one for a conflict', async () => {
  const client = emulator.client();
  const store = await newStore(client);
  const idempotency = createIdempotency({ environment: 'test', store });
  const requests = countRequests(client);
  let finish = () => {};
  const charge = idempotency.wrap(
    async (id: string) => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return `charged ${id}`;
    },
    { operation: 'charge', key: (id) => id },
  );

  const first = charge('a');
  await expect.poll(requests.take).toEqual({ PutItemCommand: 1 });
  // Another process: this one knows by itself that it is executing.
  const elsewhere = createIdempotency({ environment: 'test', store });
  const again = elsewhere.wrap(async (id: string) => id, { operation: 'charge', key: (id) => id });
  const refusal = await again('a').catch((error: unknown) => error);
  expect(isIdempotencyError(refusal, 'IN_PROGRESS')).toBe(true);
  expect(requests.take()).toEqual({ GetItemCommand: 1 });

  finish();
  expect(await first).toBe('charged a');
  expect(requests.take()).toEqual({ UpdateItemCommand: 1 });

  expect(await again('a')).toBe('charged a');
  expect(requests.take()).toEqual({ GetItemCommand: 1 });
});

test('a result over 400 KB is left out of the record, and not executed again', async () => {
  const store = await newStore(emulator.client());
  const idempotency = createIdempotency({ environment: 'test', store });
  let executions = 0;
  const report = idempotency.wrap(
    async (id: string) => {
      executions += 1;
      return `${id}${'x'.repeat(409_500)}`;
    },
    { operation: 'report', key: (id) => id },
  );
  expect(await report('a')).toHaveLength(409_501);
  const refusal = await report('a').catch((error: unknown) => error);
  expect(isIdempotencyError(refusal, 'RESULT_OMITTED')).toBe(true);
  expect(executions).toBe(1);
});
