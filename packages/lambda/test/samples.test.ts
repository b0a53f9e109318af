import type {
  DynamoDBStreamEvent,
  EventBridgeEvent,
  KinesisStreamEvent,
  S3Event,
  SNSEvent,
  SQSEvent,
} from 'aws-lambda';
import { expect, test } from 'vitest';
import {
  dynamodbStreamBatch,
  eventId,
  idempotentHandler,
  kinesisBatch,
  s3Records,
  snsRecords,
  sqsBatch,
} from '../src/index.ts';
import { deployed } from './deployed.ts';
import { invocation } from './invocation.ts';
import { sampleEvent } from './sample-event.ts';

const { idempotency } = deployed();
const seen: unknown[] = [];
const see = async (record: unknown): Promise<void> => {
  seen.push(record);
};

const sqs = sqsBatch(idempotency, { operation: 'sqs' }, see);
const kinesis = kinesisBatch(idempotency, { operation: 'kinesis' }, see);
const dynamodb = dynamodbStreamBatch(idempotency, { operation: 'dynamodb' }, see);
const sns = snsRecords(idempotency, { operation: 'sns' }, see);
const s3 = s3Records(idempotency, { operation: 's3' }, see);
const eventBridge = idempotentHandler(
  idempotency,
  { operation: 'event-bridge', key: eventId },
  async (event: EventBridgeEvent<string, unknown>) => {
    await see(event);
    return event.id;
  },
);

const none = { batchItemFailures: [] };
const samples: readonly [
  sample: string,
  handle: (event: never, context?: never) => Promise<unknown>,
  answer: unknown,
][] = [
  ['sqs', (event: SQSEvent, context) => sqs(event, context), none],
  ['sqs-fifo', (event: SQSEvent, context) => sqs(event, context), none],
  ['kinesis', (event: KinesisStreamEvent, context) => kinesis(event, context), none],
  ['dynamodb-stream', (event: DynamoDBStreamEvent, context) => dynamodb(event, context), none],
  ['sns', (event: SNSEvent, context) => sns(event, context), undefined],
  ['s3-put', (event: S3Event, context) => s3(event, context), undefined],
  ['s3-delete', (event: S3Event, context) => s3(event, context), undefined],
  [
    'eventbridge',
    (event: EventBridgeEvent<string, unknown>, context) => eventBridge(event, context),
    '7bf73129-1428-4cd3-a780-95db273d1602',
  ],
  [
    'eventbridge-scheduled',
    (event: EventBridgeEvent<string, unknown>, context) => eventBridge(event, context),
    '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
  ],
];

test.each(samples)(
  "AWS's sample event %s is handled once, unchanged",
  async (name, handle, answer) => {
    const event = sampleEvent<{ Records?: unknown[] }>(name);
    seen.length = 0;
    expect(await handle(event as never, invocation(30_000) as never)).toEqual(answer);
    expect(seen).toEqual(event.Records ?? [event]);
    expect(event).toEqual(sampleEvent(name));
    // Again, and as a test calls it: without a context.
    expect(await handle(sampleEvent<never>(name))).toEqual(answer);
    expect(seen).toHaveLength(event.Records?.length ?? 1);
  },
);

test("a tumbling window's event is taken like any other, and its state left alone", async () => {
  const windowed = kinesisBatch(idempotency, { operation: 'window' }, see);
  expect(await windowed(sampleEvent<KinesisStreamEvent>('kinesis-window'))).toEqual(none);
});

test.each(samples.filter(([name]) => !name.startsWith('eventbridge')))(
  'the handler of %s refuses the events of every other source by name',
  async (name, handle) => {
    const own = sampleEvent<{ Records: Record<string, string>[] }>(name).Records[0]!;
    const ownSource = own.eventSource ?? own.EventSource;
    for (const [other] of samples) {
      const event = sampleEvent<{ Records?: Record<string, string>[] }>(other);
      const source = event.Records?.[0]?.eventSource ?? event.Records?.[0]?.EventSource;
      if (source === ownSource) continue;
      seen.length = 0;
      await expect(handle(event as never)).rejects.toMatchObject({
        code: 'OPTIONS_INVALID',
        message: expect.stringContaining(source ?? 'without Records'),
      });
      expect(seen).toEqual([]);
    }
    for (const nothing of [null, undefined, {}, { Records: 'none' }, []]) {
      await expect(handle(nothing as never)).rejects.toThrow('an event without Records');
    }
  },
);
