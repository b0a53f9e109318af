import type { Channel, ConsumeMessage } from 'amqplib';
import type { Job, Processor } from 'bullmq';
import { expectTypeOf, test } from 'vitest';
import { deployed } from '../test/deployed.ts';
import { onMessage } from './amqplib/index.ts';
import { processor } from './bullmq/index.ts';
import { consumer } from './consumer.ts';

const { idempotency } = deployed();

test('a verdict has the handler’s type of value, and key gets the handler’s message', async () => {
  const consume = consumer(
    idempotency,
    { operation: 'charge', key: (message) => message.id },
    async (message: { id: string }) => message.id.length,
  );
  expectTypeOf((await consume({ id: 'a' })).value).toEqualTypeOf<number | undefined>();
  // @ts-expect-error: no such message
  await consume({ name: 'a' });
});

test('an adapter asks for a key', () => {
  // @ts-expect-error: deliveries differ, so their whole is no key
  expectTypeOf(processor).toBeCallableWith(idempotency, { operation: 'charge' }, async () => 1);
});

test('a processor without a type is one of any job', () => {
  const made = processor(
    idempotency,
    { operation: 'charge', key: (job) => job.data.id },
    async (job, token, signal) => [job.id, token, signal?.aborted],
  );
  expectTypeOf(made).toExtend<Processor>();
  const typed = processor(
    idempotency,
    { operation: 'charge', key: (job) => job.data.id },
    async (job: Job<{ id: string }>) => job.data.id,
  );
  expectTypeOf(typed).toExtend<Processor<{ id: string }, string>>();
});

test('a callback of amqplib without a type gets what is consumed', () => {
  const channel = { ack() {}, nack() {}, once() {} } as unknown as Channel;
  const made = onMessage(
    channel,
    idempotency,
    { operation: 'charge', key: (message) => message.properties.messageId },
    async (message) => {
      expectTypeOf(message).toEqualTypeOf<ConsumeMessage>();
    },
  );
  expectTypeOf(made).toExtend<(message: ConsumeMessage | null) => void>();
});
