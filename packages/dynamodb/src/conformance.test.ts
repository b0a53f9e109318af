import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { describeStore, type StoreCapabilities } from '@twiceproof/testing';
import { newTable, useEmulator } from '../test/emulator.ts';
import { timeMachine } from '../test/time-machine.ts';
import { dynamodbStore, storeOn } from './dynamodb-store.ts';
import type { DynamodbStoreOptions } from './options.ts';

const emulator = useEmulator();

const capabilities: StoreCapabilities = { without: ['watch', 'close'], clockMarginMs: 2_000 };

type Key = Record<string, { S: string }>;

function damager(table: string, keyOf: (id: string) => Key) {
  return async (id: string) => {
    const damage = new UpdateItemCommand({
      TableName: table,
      Key: keyOf(id),
      UpdateExpression: 'SET st = :nonsense, fn = :nonsense',
      ExpressionAttributeValues: { ':nonsense': { S: 'nonsense' } },
    });
    await emulator.client().send(damage);
  };
}

describeStore(
  'a table of its own, in real time',
  async () => {
    const table = newTable();
    const open = () => dynamodbStore({ client: emulator.client(), table });
    const stores = [open(), open()] as const;
    await stores[0].setup();
    const damage = damager(table, (id) => ({ id: { S: id } }));
    return { stores, damage, dispose: async () => {} };
  },
  // Each request of the AWS SDK costs a millisecond of processor time.
  { ...capabilities, parallel: true, contention: { rounds: 60, claims: 50 } },
);

/** Two stores on one table, each with a client of its own, in a world where time passes at will. */
function conform(
  name: string,
  options: Omit<DynamodbStoreOptions, 'client' | 'table'>,
  keyOf: (id: string) => Key,
) {
  describeStore(
    name,
    async () => {
      const table = newTable();
      const time = timeMachine();
      const open = () => {
        const client = time.carry(emulator.client());
        return storeOn({ client, table, ...options }, time.clock);
      };
      const stores = [open(), open()] as const;
      await stores[0].setup();
      const damage = damager(table, keyOf);
      return { stores, damage, advance: time.pass, dispose: async () => {} };
    },
    { ...capabilities, contention: { rounds: 20, claims: 50 } },
  );
}

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
