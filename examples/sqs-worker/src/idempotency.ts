import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createIdempotency, type Idempotency, tiered } from '@twiceproof/core';
import { dynamodbStore } from '@twiceproof/dynamodb';
import { memoryStore } from '@twiceproof/memory';
import { redisStore } from '@twiceproof/redis';
import { Redis } from 'ioredis';

/** Idempotency as one worker has it: DynamoDB decides, Redis and its own memory answer what is done. */
export async function connect(urls: { redis: string; dynamodb: string }) {
  const redis = new Redis(urls.redis);
  const dynamodb = new DynamoDBClient({
    endpoint: urls.dynamodb,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
  const authority = dynamodbStore({ client: dynamodb, table: 'idempotency' });
  await authority.setup?.();
  const idempotency: Idempotency = createIdempotency({
    environment: 'example',
    store: tiered([memoryStore({ maxRecords: 10_000 }), redisStore({ client: redis }), authority]),
    lease: '10s',
    // A declined card stays declined: it is recorded, and SQS moves the message to its dead-letter queue.
    failure: (error) => (error instanceof CardDeclined ? 'record' : 'release'),
  });
  return {
    idempotency,
    async close() {
      await idempotency.close();
      redis.disconnect();
      dynamodb.destroy();
    },
  };
}

export class CardDeclined extends Error {
  override readonly name = 'CardDeclined';
}
