import { randomUUID } from 'node:crypto';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodbStore } from '@twiceproof/dynamodb';
import { startDynamodb } from '@twiceproof/engines';
import { chargeWith } from '../layers/charge.ts';
import { dynamodbByHand } from '../layers/dynamodb-by-hand.ts';
import { chargeWithPowertools } from '../layers/powertools.ts';
import type { Setting } from '../measuring/benchmark.ts';
import type { Comparison } from '../measuring/comparison.ts';
import { versionOf } from '../measuring/version-of.ts';
import { type ChargeContender, chargeComparisons } from './charge-comparisons.ts';

/** Twiceproof against the bare requests of the AWS SDK, most of whose cost is the SDK's own, and against a peer. */
export async function* dynamodb({ cleanUp, uses }: Setting): AsyncIterable<Comparison> {
  const table = `twiceproof-bench-${randomUUID()}`;
  const engine = await startDynamodb();
  cleanUp.defer(() => engine.stop());
  const connect = (): DynamoDBClient => {
    const client = new DynamoDBClient({
      endpoint: engine.endpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    });
    cleanUp.defer(() => client.destroy());
    return client;
  };
  for (const name of ['@aws-sdk/client-dynamodb', '@aws-lambda-powertools/idempotency'])
    uses(name, versionOf(name));
  const [bare, ours, theirs] = [connect(), connect(), connect()];
  const store = dynamodbStore({ client: ours, table });
  await store.setup();
  const persistence = { tableName: table, keyAttr: 'id', awsSdkV3Client: theirs };
  const contenders: ChargeContender[] = [
    { name: 'by hand', role: 'floor', charge: (key) => dynamodbByHand(bare, table, key) },
    { name: 'Twiceproof', role: 'ours', charge: (key) => chargeWith({ key, store }) },
    {
      name: 'AWS Powertools',
      role: 'peer',
      charge: (key) => chargeWithPowertools(new DynamoDBPersistenceLayer(persistence), key),
    },
  ];
  yield* chargeComparisons(contenders);
}
