import { randomUUID } from 'node:crypto';
import { startRedis } from '@twiceproof/engines';
import { Redis } from 'ioredis';
import { expect, vi } from 'vitest';
import { Pool } from './pool.ts';
import { type Effect, leaseMs, recordsOf } from './work.ts';

/** A broker as the chaos uses it. */
export interface Broker {
  /** The name of a program in `consumers/`. */
  readonly client: string;
  readonly url: string;
  readonly queue: string;
  publish(bodies: readonly string[]): Promise<unknown>;
  /** How many messages are not done with, as far as the broker says; all of them where nobody consumes. */
  left(): Promise<number>;
  /** How long it may take the broker to deliver again what a dead consumer had. */
  readonly redeliveryMs: number;
  readonly killEveryMs?: number;
  /** How long the work on one message takes: so long that there is time for kills. */
  readonly workMs: number;
}

const messages = 1_000;

/**
 * A thousand messages, each published twice, and three consumers, of which one is killed every second. Every effect
 * happens once, or its repeat is explained by a kill; nothing is lost; nothing is stuck two leases after the last kill.
 */
export async function surviveKills(broker: Broker): Promise<void> {
  const engine = await startRedis();
  const redis = new Redis(engine.url);
  const environment = `chaos-${randomUUID()}`;
  const { client, url, queue, redeliveryMs, workMs, killEveryMs = 1_000 } = broker;
  const pool = new Pool(client, { redisUrl: engine.url, environment, url, queue, workMs });
  const ids = Array.from({ length: messages }, (_, index) => `message-${index}`);
  const effects = async (): Promise<Effect[]> =>
    (await redis.lrange(environment, 0, -1)).map((text) => JSON.parse(text));
  try {
    await pool.start(3);
    pool.killEvery(killEveryMs);
    // The copies of a message come close together, and far apart.
    const [early, late] = [ids.slice(0, messages / 2), ids.slice(messages / 2)];
    await broker.publish(early.flatMap((id) => [id, id]));
    await broker.publish(late);
    await broker.publish(late);
    await vi.waitFor(async () => expect((await effects()).length).toBeGreaterThan(0.9 * messages), {
      timeout: 120_000,
      interval: 100,
    });
    await pool.stopKilling();

    const patience = 2 * leaseMs + 2 * redeliveryMs + 20_000;
    const consumeAll = async () => {
      await vi.waitFor(async () => expect(await broker.left()).toBe(0), {
        timeout: patience,
        interval: 100,
      });
      expect(await pool.drain()).toEqual([0, 0, 0]);
      return (await broker.left()) === 0;
    };
    // What consumers held back until a lease is over they give back when they end: the next ones get it.
    for (const until = performance.now() + patience; !(await consumeAll()); ) {
      expect(performance.now()).toBeLessThan(until);
      await pool.start(3);
    }

    const seen = Map.groupBy(await effects(), ({ id }) => id);
    expect([...seen.keys()].sort()).toEqual(ids.sort());
    for (const [id, each] of seen) {
      const unexplained = each.slice(0, -1).filter(({ pid }) => !pool.killed.has(pid));
      expect(unexplained, id).toEqual([]);
    }
    const { records } = recordsOf(redis, environment);
    expect((await records.list({ status: 'in_progress' })).records).toEqual([]);
    expect((await records.list({ status: 'failed' })).records).toEqual([]);
    expect(pool.killed.size).toBeGreaterThan(2);
  } finally {
    await pool.destroy();
    redis.disconnect();
    await engine.stop();
  }
}
