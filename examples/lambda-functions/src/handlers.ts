// What is deployed: one file with a handler for each event source.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import middy from '@middy/core';
import { createIdempotency } from '@twiceproof/core';
import { dynamodbStore } from '@twiceproof/dynamodb';
import {
  dynamodbStreamBatch,
  eventId,
  idempotentHandler,
  kinesisBatch,
  s3Records,
  snsRecords,
  sqsBatch,
} from '@twiceproof/lambda';
import { executionOf, idempotent } from '@twiceproof/lambda/middy';
import type { Context, EventBridgeEvent } from 'aws-lambda';

const idempotency = createIdempotency({
  environment: 'example',
  store: dynamodbStore({ client: new DynamoDBClient({}), table: process.env.TABLE ?? '' }),
});

/** What reaches the world outside. */
function effect(text: string): void {
  console.log(`  ${text}`);
}

export const sqs = sqsBatch(idempotency, { operation: 'sqs' }, async (record) =>
  effect(`message ${record.messageId}`),
);

export const kinesis = kinesisBatch(idempotency, { operation: 'kinesis' }, async ({ kinesis }) =>
  effect(`data "${Buffer.from(kinesis.data, 'base64')}"`),
);

export const dynamodbStream = dynamodbStreamBatch(
  idempotency,
  { operation: 'dynamodb-stream' },
  async (record) => effect(`change ${record.eventName} ${record.dynamodb?.SequenceNumber}`),
);

export const sns = snsRecords(idempotency, { operation: 'sns' }, async ({ Sns }) =>
  effect(`notification "${Sns.Message}"`),
);

export const s3 = s3Records(idempotency, { operation: 's3' }, async ({ eventName, s3 }) =>
  effect(`${eventName} of ${s3.object.key}`),
);

export const eventBridge = idempotentHandler(
  idempotency,
  { operation: 'event-bridge', key: eventId },
  async (event: EventBridgeEvent<string, unknown>) => effect(`event of ${event.source}`),
);

export const chained = middy(async (event: EventBridgeEvent<string, unknown>, context: Context) =>
  effect(`event of ${event.source}, attempt ${executionOf(context).attempt}`),
).use(
  idempotent(idempotency, {
    operation: 'chained',
    key: (event: EventBridgeEvent<string, unknown>) => event.id,
  }),
);
