import type { Instrumentation, Store } from '@idemkit/core';
import { startRedis } from '@idemkit/engines';
import { memoryStore } from '@idemkit/memory';
import { openTelemetry } from '@idemkit/otel';
import { redisStore } from '@idemkit/redis';
import { Redis } from 'ioredis';
import type { Benchmark, Comparison } from './benchmark.ts';
import { type Charge, chargeWith } from './charge.ts';
import { startSdk } from './sdk.ts';

/** What telemetry adds to a call: without an SDK, with its metrics alone, with all of it. */
export const instrumentation: Benchmark = {
  name: 'instrumentation',
  about: 'telemetry: none, without an SDK, with one; on Redis and in memory',

  async prepare({ calls, cleanUp }) {
    const redis = await startRedis();
    cleanUp.defer(() => redis.stop());
    const { tracerProvider, meterProvider } = startSdk(cleanUp);
    const ways: readonly (readonly [name: string, way: Instrumentation | undefined])[] = [
      ['uninstrumented', undefined],
      // Shows how far apart the same thing comes out twice.
      ['uninstrumented, once more', undefined],
      ['no SDK', openTelemetry()],
      ['SDK, metrics only', openTelemetry({ meterProvider })],
      ['SDK, traces and metrics', openTelemetry({ tracerProvider, meterProvider })],
    ];

    const comparison = (
      title: string,
      chargeOf: (way: Instrumentation | undefined) => () => Promise<number>,
    ): Comparison => ({
      title,
      unit: 'µs a call',
      contenders: ways.map(([name, way]) => ({ name, sample: chargeOf(way) })),
    });
    const chargeOn = (store: Store, way: Instrumentation | undefined): Charge =>
      chargeWith({ store, instrumentation: way, retention: '10m' });
    const onRedis = (): Store => {
      const client = new Redis(redis.url, { enableAutoPipelining: true });
      cleanUp.defer(() => client.disconnect());
      return redisStore({ client, grace: '1m' });
    };

    return [
      comparison('replay on Redis, 64 at once', (way) => {
        const charge = chargeOn(onRedis(), way);
        return () => charge.replays({ calls: calls(2_000), atOnce: 64 });
      }),
      comparison('first execution on Redis, 64 at once', (way) => {
        const charge = chargeOn(onRedis(), way);
        return () => charge.firsts({ calls: calls(1_000), atOnce: 64 });
      }),
      comparison('replay in memory, one after the other', (way) => {
        const charge = chargeOn(memoryStore(), way);
        return () => charge.replays({ calls: calls(2_000), atOnce: 1 });
      }),
      // In a new store each time: records of earlier rounds would slow the later ones down.
      comparison('first execution in memory, one after the other', (way) => () => {
        const charge = chargeOn(memoryStore(), way);
        return charge.firsts({ calls: calls(1_000), atOnce: 1 });
      }),
    ];
  },
};
