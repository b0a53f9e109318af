import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodbStore } from '@twiceproof/dynamodb';
import { startDynamodb } from '@twiceproof/engines';
import { bundled } from './bundle.ts';
import { invoke } from './invoke.ts';

const deliveries = {
  sqs: ['sqs', 'sqs-fifo'],
  kinesis: ['kinesis'],
  dynamodbStream: ['dynamodb-stream'],
  sns: ['sns'],
  s3: ['s3-put', 's3-delete'],
  eventBridge: ['eventbridge', 'eventbridge-scheduled'],
  chained: ['eventbridge'],
};

const engine = await startDynamodb();
const folder = await mkdtemp(join(tmpdir(), 'lambda-functions-'));
try {
  // The environment of the function.
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: engine.endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
    TABLE: 'lambda-functions',
  });
  await dynamodbStore({ client: new DynamoDBClient({}), table: 'lambda-functions' }).setup();
  const handlers = await bundled(folder);
  for (const [name, events] of Object.entries(deliveries)) {
    for (const event of events) {
      const text = await readFile(new URL(`../events/${event}.json`, import.meta.url), 'utf8');
      for (const delivery of ['first', 'second']) {
        console.log(`${name} gets ${event}, ${delivery} delivery`);
        const answer = await invoke(handlers[name]!, JSON.parse(text));
        console.log(`  answers ${JSON.stringify(answer)}`);
      }
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
  await engine.stop();
}
