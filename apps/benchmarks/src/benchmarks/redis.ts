import { CachePersistenceLayer } from '@aws-lambda-powertools/idempotency/cache';
import { createClient } from '@redis/client';
import { type RedisEngine, startRedis, startValkey } from '@twiceproof/engines';
import { redisStore } from '@twiceproof/redis';
import { Redis } from 'ioredis';
import { chargeWith } from '../layers/charge.ts';
import { nodeIdempotencyOn } from '../layers/node-idempotency.ts';
import { chargeWithPowertools } from '../layers/powertools.ts';
import { redisByHand } from '../layers/redis-by-hand.ts';
import type { Compare, Setting } from '../measuring/benchmark.ts';
import type { Comparison } from '../measuring/comparison.ts';
import { versionOf } from '../measuring/version-of.ts';
import { type ChargeContender, chargeComparisons } from './charge-comparisons.ts';

const keepMs = 600_000;

/** One collection stops all calls that are under way: in a sample with as many calls as fit into a tenth of a second,
 * a contender had one, which is its slowest hundredth, or had none, as its garbage happened to fit into the memory. */
const callsOfTails = 40_000;

/** Twiceproof against the bare commands without which nothing like it can be had, and against its peers. */
export const redis: Compare = (setting) =>
  compareOn(setting, startRedis, process.env.REDIS_URL === undefined);

/** The same on a server with `SET … IFEQ`. */
export const valkey: Compare = (setting) => compareOn(setting, startValkey, true);

async function* compareOn(
  { cleanUp, uses }: Setting,
  start: () => Promise<RedisEngine>,
  isOurs: boolean,
): AsyncIterable<Comparison> {
  const engine = await start();
  cleanUp.defer(() => engine.stop());
  const connect = (): Redis => {
    const client = new Redis(engine.url, { enableAutoPipelining: true });
    cleanUp.defer(() => client.disconnect());
    return client;
  };
  const bare = connect();
  const info = await bare.info('server');
  const isValkey = info.includes('valkey_version');
  uses(
    isValkey ? 'Valkey' : 'Redis',
    (isValkey ? /valkey_version:(\S+)/ : /redis_version:(\S+)/).exec(info)?.[1] ?? '',
  );
  for (const name of [
    'ioredis',
    '@redis/client',
    '@aws-lambda-powertools/idempotency',
    '@node-idempotency/core',
  ])
    uses(name, versionOf(name));

  const client = createClient({ url: engine.url });
  client.on('error', () => {});
  await client.connect();
  cleanUp.defer(() => client.destroy());
  const chargeWithNodeIdempotency = await nodeIdempotencyOn(engine.url, cleanUp);
  const ours = connect();

  const contenders: ChargeContender[] = [
    {
      name: 'by hand',
      role: 'floor',
      charge: (key) => redisByHand(bare, key, keepMs),
    },
    {
      name: 'Twiceproof',
      role: 'ours',
      charge: (key) =>
        chargeWith({ key, store: redisStore({ client: ours, grace: '1m' }), retention: keepMs }),
    },
    {
      name: 'AWS Powertools',
      role: 'peer',
      charge: (key) => chargeWithPowertools(new CachePersistenceLayer({ client }), key),
    },
    { name: 'node-idempotency', role: 'peer', charge: chargeWithNodeIdempotency },
  ];
  // A server that fills up becomes slower, for whoever comes last.
  const emptied = async (): Promise<void> => {
    if (isOurs) await bare.flushdb();
  };
  yield* chargeComparisons(contenders, emptied, callsOfTails);
}
