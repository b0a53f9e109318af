import { randomBytes } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { startRedis } from '@twiceproof/engines';
import { Redis } from 'ioredis';
import { expect, inject, test } from 'vitest';
import { runMain, runMainJson } from './run-main.ts';

const now = Math.floor(Date.now() / 1_000);
const left = [
  { id: 'orders-fn#a/b==', status: 'COMPLETED', expiration: now + 7_000 },
  { id: 'orders-fn#c', status: 'INPROGRESS', expiration: now + 600 },
  { id: 'orders-fn.app.charge#01', status: 'COMPLETED', expiration: now - 60 },
];
const counted = [
  {
    function: 'orders-fn',
    completed: 1,
    inProgress: 1,
    expired: 0,
    lastExpiresAt: (now + 7_000) * 1_000,
  },
  {
    function: 'orders-fn.app.charge',
    completed: 0,
    inProgress: 0,
    expired: 1,
    lastExpiresAt: null,
  },
];

test('powertools counts what is left in a table, by function, and when the last one expires', async () => {
  const endpoint = inject('dynamodb');
  const client = new DynamoDBClient({ endpoint, region: 'eu-central-1' });
  const TableName = `test_${randomBytes(6).toString('hex')}`;
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'key', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
    }),
  );
  for (const { id, status, expiration } of left) {
    const Item = { key: { S: id }, status: { S: status }, expiration: { N: String(expiration) } };
    await client.send(new PutItemCommand({ TableName, Item }));
  }
  client.destroy();
  const store = `dynamodb://eu-central-1/${TableName}?endpoint=${endpoint}&keyAttr=key`;
  const { functions } = await runMainJson<{ functions: unknown }>(['powertools', '--store', store]);
  expect(functions).toEqual(counted);
  const { stdout } = await runMain(['powertools', '--store', store]);
  expect(stdout).toMatch(/orders-fn +1 +1 +0 +.*\(in 1\d\dm\)/);
  expect(stdout).toContain('all have expired');
});

test('powertools counts what is left in a Redis', async () => {
  const engine = await startRedis({ own: true });
  try {
    const redis = new Redis(engine.url);
    const nothing = await runMain(['powertools', '--store', engine.url]);
    expect(nothing.stderr + nothing.stdout).toContain('no records of Powertools are left');
    for (const { id, ...record } of left) await redis.set(id, JSON.stringify(record));
    redis.disconnect();
    const answer = await runMainJson<{ functions: unknown }>(['powertools', '--store', engine.url]);
    expect(answer.functions).toEqual(counted);
  } finally {
    await engine.stop();
  }
});

test.each([
  [[], 'say where the old records are'],
  [['--store', 'postgres://localhost/db'], 'Powertools has no records of that kind'],
  [['--store', 'dynamodb://eu-central-1'], 'names no table'],
  [['--store', 'dynamodb://eu-central-1/t?prefix=x'], "no option 'prefix'"],
])('powertools refuses %j', async (args, message) => {
  expect(await runMain(['powertools', ...args])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(message),
  });
});
