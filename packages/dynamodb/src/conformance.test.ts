import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { describeStore } from '@idemkit/testing';
import { newTable, useEmulator } from '../test/emulator.ts';
import { type DynamodbStoreOptions, dynamodbStore } from './index.ts';

const emulator = useEmulator();

/** Two stores on one table, each with a client of its own. */
function conform(
  name: string,
  options: Omit<DynamodbStoreOptions, 'client' | 'table'>,
  keyOf: (id: string) => Record<string, { S: string }>,
) {
  const table = newTable();
  describeStore(
    name,
    async () => {
      const clients = [emulator.client(), emulator.client()] as const;
      const open = (at: 0 | 1) => dynamodbStore({ client: clients[at], table, ...options });
      const stores = [open(0), open(1)] as const;
      await stores[0].setup();
      return {
        stores,
        async damage(id) {
          const damage = new UpdateItemCommand({
            TableName: table,
            Key: keyOf(id),
            UpdateExpression: 'SET #status = :nonsense, #fence = :nonsense',
            ExpressionAttributeNames: { '#status': 'status', '#fence': 'fence' },
            ExpressionAttributeValues: { ':nonsense': { S: 'nonsense' } },
          });
          await clients[0].send(damage);
        },
        dispose: async () => {},
      };
    },
    { without: ['watch', 'close'], clockMarginMs: 2_000 },
  );
}

conform('a table of its own', {}, (id) => ({ id: { S: id } }));

conform(
  'a single-table design with an index for listing',
  {
    partitionKey: { name: 'PK', prefix: 'IDEMPOTENCY#' },
    sortKey: { name: 'SK', value: 'RECORD' },
    attributes: { operation: 'GSI1PK', startedAt: 'GSI1SK', ttl: 'expireAt' },
    listIndex: 'GSI1',
  },
  (id) => ({ PK: { S: `IDEMPOTENCY#${id}` }, SK: { S: 'RECORD' } }),
);

conform(
  'one partition of a single-table design, with keys that functions make',
  {
    partitionKey: { name: 'PK', value: 'IDEMPOTENCY' },
    sortKey: { name: 'SK', value: (id) => Buffer.from(id).toString('base64url') },
  },
  (id) => ({ PK: { S: 'IDEMPOTENCY' }, SK: { S: Buffer.from(id).toString('base64url') } }),
);
