import { afterEach, expect, test, vi } from 'vitest';
import { startDynamodb } from './dynamodb.ts';
import { signal } from './process-tree.ts';

afterEach(() => vi.unstubAllEnvs());

async function call(endpoint: string, action: string, input: object): Promise<unknown> {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${action}`,
      authorization:
        'AWS4-HMAC-SHA256 Credential=any/20260101/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=any',
      'x-amz-date': '20260101T000000Z',
    },
    body: JSON.stringify(input),
  });
  return answer.json();
}

const table = {
  TableName: 'kept',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
};

test('a DynamoDB serves, and leaves nothing when it is stopped', async () => {
  const dynamodb = await startDynamodb({ own: true });
  expect(await call(dynamodb.endpoint, 'ListTables', {})).toEqual({ TableNames: [] });
  const { pid } = dynamodb;
  await dynamodb.stop();
  expect(signal(pid, 0)).toBe(false);
});

test('a durable DynamoDB keeps its tables over a crash', async () => {
  const dynamodb = await startDynamodb({ durable: true });
  await call(dynamodb.endpoint, 'CreateTable', table);
  await dynamodb.kill();
  await dynamodb.restart();
  expect(await call(dynamodb.endpoint, 'ListTables', {})).toEqual({ TableNames: ['kept'] });
  await dynamodb.stop();
});

test('the DynamoDB of DYNAMODB_ENDPOINT is used as it is', async () => {
  vi.stubEnv('DYNAMODB_ENDPOINT', 'http://elsewhere:8123');
  const dynamodb = await startDynamodb();
  expect(dynamodb).toMatchObject({ endpoint: 'http://elsewhere:8123', port: 8123 });
  await dynamodb.stop();
});
