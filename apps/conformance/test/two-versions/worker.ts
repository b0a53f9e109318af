// One process of a deployment, with the version of Twiceproof and the store that it is told.
import { setTimeout as elapsed } from 'node:timers/promises';
import type { Idempotency, Store } from '@twiceproof/core';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import type { FromWorker, ToWorker } from './messages.ts';

type Version = typeof import('@twiceproof/core') &
  Pick<typeof import('@twiceproof/redis'), 'redisStore'> &
  Pick<typeof import('@twiceproof/postgres'), 'postgresStore'>;

const [version, engine, url, space] = process.argv.slice(2) as [string, string, string, string];
const { createIdempotency, redisStore, postgresStore } = await versionAt(version);
const idempotency: Idempotency = createIdempotency({
  environment: 'prod',
  store: openStore(),
  lease: '1s',
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
  const [core, redis, postgres] = await Promise.all([
    import('@twiceproof/core'),
    import('@twiceproof/redis'),
    import('@twiceproof/postgres'),
  ]);
  return { ...core, ...redis, ...postgres };
}

function openStore(): Store {
  if (engine === 'redis') return redisStore({ client: new Redis(url), prefix: space });
  const client = new Pool({ connectionString: url });
  return postgresStore({ client, schema: space });
}
