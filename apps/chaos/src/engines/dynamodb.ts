import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodbStore } from '@twiceproof/dynamodb';
import { startDynamodb, startProxy } from '@twiceproof/engines';
import { behindProxy } from './behind-proxy.ts';
import type { Target } from './target.ts';

export async function dynamodb(): Promise<Target> {
  const engine = await startDynamodb({ own: true, durable: true });
  const proxy = await startProxy({ target: engine.endpoint });
  const client = new DynamoDBClient({
    endpoint: engine.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  await dynamodbStore({ client, table: 'chaos' }).setup();
  client.destroy();
  return {
    connection: { kind: 'dynamodb', endpoint: `http://${proxy.host}:${proxy.port}` },
    ...behindProxy(engine, proxy),
  };
}
