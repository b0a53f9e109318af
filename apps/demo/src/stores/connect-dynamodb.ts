import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodbStore } from '@twiceproof/dynamodb';
import type { ConnectedStore } from './connected-store.ts';
import { tableNames } from './store-address.ts';

export function connectDynamodb(endpoint: string): ConnectedStore {
  // DynamoDB Local and its like take any region and any credentials, but insist on some.
  const client = new DynamoDBClient({
    endpoint,
    region: process.env.AWS_REGION ?? 'eu-west-1',
    ...(process.env.AWS_ACCESS_KEY_ID === undefined && {
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    }),
  });
  return {
    store: dynamodbStore({ client, table: tableNames.dynamodb }),
    close: async () => client.destroy(),
  };
}
