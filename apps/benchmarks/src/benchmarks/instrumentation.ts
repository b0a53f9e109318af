import type { Instrumentation, Store } from '@twiceproof/core';
import { startRedis } from '@twiceproof/engines';
import { memoryStore } from '@twiceproof/memory';
import { openTelemetry } from '@twiceproof/otel';
import { redisStore } from '@twiceproof/redis';
import { Redis } from 'ioredis';
import { type Charge, chargeWith } from '../layers/charge.ts';
import { handWritten } from '../layers/hand-written.ts';
import { byId } from '../layers/key-choice.ts';
import { redisByHand } from '../layers/redis-by-hand.ts';
import { startSdk } from '../layers/sdk.ts';
import type { Setting } from '../measuring/benchmark.ts';
import type { Comparison, Contender } from '../measuring/comparison.ts';
import type { Figures } from '../measuring/figures.ts';
import { versionOf } from '../measuring/version-of.ts';
import { extraOfTelemetry } from './titles.ts';

const keepMs = 600_000;

/**
 * What telemetry adds to a call: without an SDK, with its metrics alone, with all of it. It waits for
 * nobody, so what it takes is time of this process on a processor, and that is what is measured.
 */
export async function* instrumentation({ cleanUp, uses }: Setting): AsyncIterable<Comparison> {
  for (const name of ['@opentelemetry/api', '@opentelemetry/sdk-trace'])
    uses(name, versionOf(name));
  const redis = await startRedis();
  cleanUp.defer(() => redis.stop());
  const sdk = startSdk(cleanUp);
  const ways: Way[] = [
    ['uninstrumented', undefined],
    // Shows how far apart the same thing comes out twice.
    ['uninstrumented, once more', undefined],
    ['no SDK', openTelemetry()],
    ['SDK, metrics only', openTelemetry({ meterProvider: sdk.meterProvider })],
    ['SDK, traces and metrics', openTelemetry({ ...sdk })],
  ];
  const byHand = handWritten(sdk);
  const waysOfReplay: Way[] = [...ways, ['the same, written by hand', byHand]];

  const connect = (): Redis => {
    const client = new Redis(redis.url, { enableAutoPipelining: true });
    cleanUp.defer(() => client.disconnect());
    return client;
  };
  const onRedis = (): Store => redisStore({ client: connect(), grace: '1m' });
  const chargeOn = (store: Store, way: Instrumentation | undefined): Charge =>
    chargeWith({ store, instrumentation: way, retention: keepMs });

  // What telemetry adds, here and around the raw client: differences, in which noise weighs most. Each two that
  // are held against each other are neighbours, and all have as many calls, with several collections in them.
  const replaying = (way: Way[1]): Sample => {
    const charge = chargeOn(onRedis(), way);
    return (calls) => charge.replays({ calls, atOnce: 64 });
  };
  const bare = redisByHand(connect(), byId, keepMs);
  const observed = redisByHand(connect(), byId, keepMs, (call) =>
    byHand.execute({ id: 'any', operation: 'charge-payment' } as never, call),
  );
  const withAndWithout = [ways[0]!, ways.at(-1)!];
  const replays = comparison('replay on Redis, 64 at once', 64, withAndWithout, replaying);
  yield {
    ...replays,
    contenders: [
      ...replays.contenders,
      charging('GET', 'floor', (calls) => bare.replays({ calls, atOnce: 64 })),
      charging('GET, in a span, with two durations', 'floor', (calls) =>
        observed.replays({ calls, atOnce: 64 }),
      ),
    ],
    calls: 40_000,
    derived: { [extraOfTelemetry]: extra },
  };
  yield comparison('replay on Redis, 64 at once, whoever listens', 64, waysOfReplay, replaying);
  yield comparison('first execution on Redis, 64 at once', 64, ways, (way) => {
    const charge = chargeOn(onRedis(), way);
    return (calls) => charge.firsts({ calls, atOnce: 64 });
  });
  yield comparison('replay in memory, one after the other', 1, waysOfReplay, (way) => {
    const charge = chargeOn(memoryStore(), way);
    return (calls) => charge.replays({ calls, atOnce: 1 });
  });
  // In a new store each time: records of earlier rounds would slow the later ones down.
  yield comparison('first execution in memory, one after the other', 1, ways, (way) => (calls) => {
    const charge = chargeOn(memoryStore(), way);
    return charge.firsts({ calls, atOnce: 1 });
  });
}

function extra(round: readonly Figures[]): number {
  const [without, withSdk, get, getByHand] = round.map(({ cpu }) => cpu!);
  return (withSdk! - without!) / (getByHand! - get!);
}

type Way = readonly [name: string, way: Instrumentation | undefined];
type Sample = (calls: number) => Promise<Figures>;

function comparison(
  title: string,
  atOnce: number,
  ways: readonly Way[],
  sampling: (way: Instrumentation | undefined) => Sample,
): Comparison {
  const contenders = ways.map(([name, way]) =>
    charging(name, name.startsWith('uninstrumented') ? 'floor' : 'ours', sampling(way)),
  );
  return { title, atOnce, contenders };
}

function charging(name: string, role: Contender['role'], sample: Sample): Contender {
  return { name, role, sample: async (calls) => ({ cpu: (await sample(calls)).cpu! }) };
}
