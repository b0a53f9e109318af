import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodbStore } from '@twiceproof/dynamodb';
import { startDynamodb, startProxy } from '@twiceproof/engines';
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
    proxy,
    async crash() {
      await engine.kill();
      await engine.restart();
    },
    restart: () => engine.restart(),
    async stop() {
      await proxy.stop();
      await engine.stop();
    },
  };
}
