import type { Instrumentation, Store } from '@twiceproof/core';
import { startRedis } from '@twiceproof/engines';
import { memoryStore } from '@twiceproof/memory';
import { openTelemetry } from '@twiceproof/otel';
import { redisStore } from '@twiceproof/redis';
import { Redis } from 'ioredis';
import type { Benchmark, Comparison } from './benchmark.ts';
import { type Charge, chargeWith } from './charge.ts';
import { handWritten } from './hand-written.ts';
import { type Load, processorTime } from './load.ts';
import { startSdk } from './sdk.ts';

/**
 * What telemetry adds to a call: without an SDK, with its metrics alone, with all of it. It waits for
 * nobody, so what it takes is time of this process on a processor, and that is what is measured.
 */
export const instrumentation: Benchmark = {
  name: 'instrumentation',
  about: 'telemetry: none, without an SDK, with one; on Redis and in memory',

  async prepare({ calls, cleanUp }) {
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
    const waysOfReplay: Way[] = [...ways, ['the same, written by hand', handWritten(sdk)]];

    const chargeOn = (store: Store, way: Instrumentation | undefined): Charge =>
      chargeWith({ store, instrumentation: way, retention: '10m' });
    const onRedis = (): Store => {
      const client = new Redis(redis.url, { enableAutoPipelining: true });
      cleanUp.defer(() => client.disconnect());
      return redisStore({ client, grace: '1m' });
    };
    const load = (full: number, atOnce: number): Load => ({
      calls: calls(full),
      atOnce,
      clock: processorTime,
    });

    return [
      comparison('replay on Redis, 64 at once', waysOfReplay, (way) => {
        const charge = chargeOn(onRedis(), way);
        return () => charge.replays(load(2_000, 64));
      }),
      comparison('first execution on Redis, 64 at once', ways, (way) => {
        const charge = chargeOn(onRedis(), way);
        return () => charge.firsts(load(1_000, 64));
      }),
      comparison('replay in memory, one after the other', waysOfReplay, (way) => {
        const charge = chargeOn(memoryStore(), way);
        return () => charge.replays(load(2_000, 1));
      }),
      // In a new store each time: records of earlier rounds would slow the later ones down.
      comparison('first execution in memory, one after the other', ways, (way) => () => {
        const charge = chargeOn(memoryStore(), way);
        return charge.firsts(load(1_000, 1));
      }),
    ];
  },
};

type Way = readonly [name: string, way: Instrumentation | undefined];

function comparison(
  title: string,
  ways: readonly Way[],
  charging: (way: Instrumentation | undefined) => () => Promise<number>,
): Comparison {
  const contenders = ways.map(([name, way]) => ({ name, sample: charging(way) }));
  return { title, unit: 'CPU µs a call', contenders };
}
