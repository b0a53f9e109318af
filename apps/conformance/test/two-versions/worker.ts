// One process of a deployment, with the version of Twiceproof and the store that it is told.
import { setTimeout as elapsed } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Idempotency, Store } from '@twiceproof/core';
import { Redis } from 'ioredis';
import { createPool } from 'mysql2/promise';
import { Pool } from 'pg';
import type { EngineName, FromWorker, ToWorker } from './messages.ts';

type Version = Pick<typeof import('@twiceproof/core'), 'createIdempotency'> &
  Pick<typeof import('@twiceproof/dynamodb'), 'dynamodbStore'> &
  Pick<typeof import('@twiceproof/mysql'), 'mysqlStore'> &
  Pick<typeof import('@twiceproof/postgres'), 'postgresStore'> &
  Pick<typeof import('@twiceproof/redis'), 'redisStore'> &
  Pick<typeof import('@twiceproof/sqlite'), 'sqliteStore'>;

const openStore: Record<EngineName, (of: Version) => Store> = {
  dynamodb: ({ dynamodbStore }) => dynamodbStore({ client: dynamodb(), table: space }),
  mysql: ({ mysqlStore }) => mysqlStore({ client: createPool(url), table: space }),
  postgres: ({ postgresStore }) =>
    postgresStore({ client: new Pool({ connectionString: url }), schema: space }),
  redis: ({ redisStore }) => redisStore({ client: new Redis(url), prefix: space }),
  sqlite: ({ sqliteStore }) => sqliteStore({ path: url }),
};

const dynamodb = () =>
  new DynamoDBClient({
    endpoint: url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });

const [version, engine, url, space] = process.argv.slice(2) as [string, EngineName, string, string];
const versioned = await versionAt(version);
const idempotency: Idempotency = versioned.createIdempotency({
  environment: 'prod',
  store: openStore[engine](versioned),
  // A hundred and fifty calls at once, of two processes, on a machine that is busy with other suites.
  lease: '3s',
  storeTimeout: '60s',
  inProgress: 'wait',
});

const send = (message: FromWorker) => process.send!(message);

const perform = idempotency.wrap(
  async (key: string, manner: 'done' | 'hang') => {
    send({ kind: 'effect', key });
    if (manner === 'hang') await elapsed(60_000);
    await elapsed(5);
    return { by: version, key, at: new Date(1_700_000_000_000), parts: new Map([[key, 1n]]) };
  },
  { operation: 'perform', key: (key) => key },
);

process.on('disconnect', () => process.exit());
process.on('message', async ({ call, key, manner }: ToWorker) => {
  try {
    const { value, outcome, record } = await perform.execute(key, manner);
    const { at, parts, ...plain } = value;
    const whole = at.getTime() === 1_700_000_000_000 && parts.get(key) === 1n;
    const { fence, attempt } = record!;
    send({ kind: 'answer', call, answer: { ...plain, whole, outcome, fence, attempt } });
  } catch (error) {
    send({ kind: 'answer', call, answer: { code: (error as { code?: string }).code } });
  }
});
send({ kind: 'ready' });

/** The one that is built here, or a file. */
async function versionAt(path: string): Promise<Version> {
  if (path !== 'this') return import(path);
  const all = await Promise.all([
    import('@twiceproof/core'),
    import('@twiceproof/dynamodb'),
    import('@twiceproof/mysql'),
    import('@twiceproof/postgres'),
    import('@twiceproof/redis'),
    import('@twiceproof/sqlite'),
  ]);
  return Object.assign({}, ...all);
}
