import { currentExecution } from '@twiceproof/core';
import type { Context, EventBridgeEvent } from 'aws-lambda';
import { expect, expectTypeOf, test, vi } from 'vitest';
import { deployed, underWay } from '../test/deployed.ts';
import { invocation } from '../test/invocation.ts';
import { sampleEvent } from '../test/sample-event.ts';
import { eventId, idempotentHandler } from './index.ts';

type Change = EventBridgeEvent<'EC2 Instance State-change Notification', { state: string }>;

test('answers the recorded value, and its key gets the event and the context', async () => {
  const { idempotency } = deployed();
  const handled = vi.fn(async (event: Change) => ({ state: event.detail.state, at: new Date() }));
  const handler = idempotentHandler(
    idempotency,
    {
      operation: 'note',
      key: (event: Change, context: Context) => [event.id, context.functionName],
    },
    handled,
  );
  const context = invocation(30_000);
  const event = sampleEvent<Change>('eventbridge');
  const first = await handler(event, context);
  expectTypeOf(first).toEqualTypeOf<{ state: string; at: Date }>();
  expect(await handler(event, context)).toEqual(first);
  expect(handled).toHaveBeenCalledExactlyOnceWith(event, context);
  await handler(event, { ...context, functionName: 'another' });
  expect(handled).toHaveBeenCalledTimes(2);
});

test('throws what core throws', async () => {
  const { idempotency, elsewhere } = deployed();
  const mine = new Error('mine');
  const failing = idempotentHandler(idempotency, { operation: 'fail', key: eventId }, async () => {
    throw mine;
  });
  await expect(failing({ id: 'a' })).rejects.toBe(mine);
  await expect(failing({ id: undefined as never })).rejects.toMatchObject({ code: 'KEY_MISSING' });
  const other = underWay(elsewhere, 'fail', 'b');
  await other.begun;
  await expect(failing({ id: 'b' })).rejects.toMatchObject({ code: 'IN_PROGRESS' });
  await other.end();
});

test('runs inside of the execution', async () => {
  const { idempotency } = deployed();
  const handler = idempotentHandler(
    idempotency,
    { operation: 'ship', key: eventId },
    async () => currentExecution().operation,
  );
  expect(await handler({ id: 'a' }, invocation(30_000))).toBe('ship');
});

test('needs a key, and a function', () => {
  const { idempotency } = deployed();
  const make = (options: unknown, fn: unknown) => () =>
    idempotentHandler(idempotency, options as never, fn as never);
  expect(make({ operation: 'ship' }, async () => {})).toThrow('needs a key');
  expect(make(undefined, async () => {})).toThrow('needs a key');
  const options = { operation: 'ship', key: eventId };
  expect(make(options, 'handler')).toThrow(
    "idempotentHandler was given 'handler'; give the function",
  );
  const swapped = () => idempotentHandler(options as never, idempotency as never, async () => {});
  expect(swapped).toThrow(
    'idempotentHandler needs idempotency; give what createIdempotency() answers',
  );
});
