import { randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { dynamodbStore } from '@twiceproof/dynamodb';
import { startDynamodb } from '@twiceproof/engines';
import type { Benchmark } from './benchmark.ts';
import { chargeWith } from './charge.ts';
import { microsPerCall } from './load.ts';
import { receipt } from './payments.ts';

const table = `twiceproof-bench-${randomUUID()}`;

/** Twiceproof against the bare requests of the AWS SDK, most of whose cost is the SDK's own. */
export const dynamodb: Benchmark = {
  name: 'dynamodb',
  about: 'first executions and replays on DynamoDB, against the bare requests',

  async prepare({ calls, cleanUp }) {
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
    const bare = connect();
    const store = dynamodbStore({ client: connect(), table });
    await store.setup();

    const space = randomUUID();
    const result = { S: JSON.stringify(receipt) };
    const put = (id: string): Promise<unknown> =>
      bare.send(
        new PutItemCommand({
          TableName: table,
          Item: { id: { S: id }, state: { S: 'claimed' } },
          ConditionExpression: 'attribute_not_exists(id)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
    const settle = (id: string): Promise<unknown> =>
      bare.send(
        new UpdateItemCommand({
          TableName: table,
          Key: { id: { S: id } },
          UpdateExpression: 'SET #result = :result',
          ExpressionAttributeNames: { '#result': 'result' },
          ExpressionAttributeValues: { ':result': result },
        }),
      );
    let made = 0;
    const claimAndSettle = async (): Promise<void> => {
      const id = `payment-${made++}-${space}`;
      await put(id);
      await settle(id);
    };
    const known = `payment-known-${space}`;
    await put(known);
    await settle(known);
    const findOut = async (): Promise<void> => {
      await put(known).catch((error) => {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      });
    };

    const charge = chargeWith({ store });
    const load = { calls: calls(400), atOnce: 64 };
    return [
      {
        title: 'first execution, 64 at once',
        unit: 'µs a call',
        contenders: [
          { name: 'PutItem, then UpdateItem', sample: () => microsPerCall(load, claimAndSettle) },
          { name: 'Twiceproof', sample: () => charge.firsts(load) },
        ],
      },
      {
        title: 'replay, 64 at once',
        unit: 'µs a call',
        contenders: [
          { name: 'refused PutItem', sample: () => microsPerCall(load, findOut) },
          { name: 'Twiceproof', sample: () => charge.replays(load) },
        ],
      },
    ];
  },
};
