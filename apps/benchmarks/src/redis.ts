import { randomUUID } from 'node:crypto';
import { startRedis } from '@twiceproof/engines';
import { redisStore } from '@twiceproof/redis';
import { Redis } from 'ioredis';
import type { Benchmark, Comparison } from './benchmark.ts';
import { chargeWith } from './charge.ts';
import { type Load, microsPerCall, processorTime } from './load.ts';
import { receipt } from './payments.ts';

const keepMs = 600_000;

/** Twiceproof against the bare commands without which nothing like it can be had. */
export const redis: Benchmark = {
  name: 'redis',
  about: 'first executions and replays on Redis, against the bare commands',

  async prepare({ calls, cleanUp }) {
    const engine = await startRedis();
    cleanUp.defer(() => engine.stop());
    const connect = (): Redis => {
      const client = new Redis(engine.url, { enableAutoPipelining: true });
      cleanUp.defer(() => client.disconnect());
      return client;
    };
    const bare = connect();
    const space = `bare-${randomUUID()}`;
    const value = JSON.stringify(receipt);
    let made = 0;
    const claimAndSettle = async (): Promise<void> => {
      const key = `${space}-${made++}`;
      await bare.set(key, 'claimed', 'PX', keepMs, 'NX', 'GET');
      await bare.set(key, value, 'PX', keepMs);
    };
    const known = `${space}-known`;
    await bare.set(known, value, 'PX', keepMs);

    const store = redisStore({ client: connect(), grace: '1m' });
    const charge = chargeWith({ store, retention: keepMs });
    const comparisons = (how: string, load: Load): readonly Comparison[] => [
      {
        title: `first execution, ${how}`,
        unit: 'µs a call',
        contenders: [
          { name: 'SET NX GET, then SET', sample: () => microsPerCall(load, claimAndSettle) },
          { name: 'Twiceproof', sample: () => charge.firsts(load) },
        ],
      },
      {
        title: `replay, ${how}`,
        unit: 'µs a call',
        contenders: [
          { name: 'GET', sample: () => microsPerCall(load, () => bare.get(known)) },
          { name: 'Twiceproof', sample: () => charge.replays(load) },
        ],
      },
    ];
    const many = { calls: calls(3_000), atOnce: 64 };
    return [
      ...comparisons('64 at once', many),
      ...comparisons('64 at once, processor time', { ...many, clock: processorTime }),
      ...comparisons('one at a time', { calls: calls(500), atOnce: 1 }),
    ];
  },
};
