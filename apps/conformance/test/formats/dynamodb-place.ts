import {
  type AttributeValue,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { dynamodbStore } from '@twiceproof/dynamodb';
import { startDynamodb } from '@twiceproof/engines';
import { asHex, fromHex, type Place } from './place.ts';

type Attributes = Record<string, AttributeValue>;

/** An item with its bytes as text, or the other way round. */
function changed(value: unknown, change: (leaf: unknown) => unknown): unknown {
  const after = change(value);
  if (after !== value || typeof value !== 'object' || value === null) return after;
  const parts = Object.entries(value).map(([name, part]) => [name, changed(part, change)] as const);
  return Object.fromEntries(parts.sort(([one], [other]) => (one < other ? -1 : 1)));
}

export async function dynamodbPlace(): Promise<Place> {
  const engine = await startDynamodb({ own: true });
  const client = new DynamoDBClient({
    endpoint: engine.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  let spaces = 0;
  return {
    async fresh(left) {
      spaces += 1;
      const table = `formats-${spaces}`;
      const store = dynamodbStore({ client, table });
      await store.setup();
      for (const row of left?.rows ?? []) {
        const Item = changed(row, fromHex) as Attributes;
        await client.send(new PutItemCommand({ TableName: table, Item }));
      }
      return {
        store,
        async rows() {
          const { Items = [] } = await client.send(new ScanCommand({ TableName: table }));
          return Items.map((item) => changed(item, asHex) as Attributes);
        },
      };
    },
    async stop() {
      client.destroy();
      await engine.stop();
    },
  };
}
