import type { RecordFilter } from '@twiceproof/core';
import { describe, expect, it } from 'vitest';
import { deployed } from './deployed.ts';

const options = { operation: 'work', key: (id: string) => id };

describe('records', () => {
  it('stats counts records by operation and status', async () => {
    const { idempotency } = deployed();
    const once = idempotency.wrap(async (id: string) => {
      if (id === 'bad') throw new Error('no');
    }, options);
    for (const id of ['a', 'b', 'bad']) await once(id).catch(() => {});
    await idempotency.execute({ operation: 'other', key: 1 }, () => 1);
    const none = { in_progress: 0, completed: 0, failed: 0, stuck: 0, held: 0, unknown: 0 };
    expect(await idempotency.records.stats()).toEqual([
      { operation: 'other', ...none, completed: 1 },
      { operation: 'work', ...none, completed: 2, failed: 1 },
    ]);
  });

  it.each(['that counts', 'that only lists'])(
    'stats tells what is stuck, held and unknown in a store %s',
    async (kind) => {
      const { idempotency, store, clock, elsewhere } = deployed();
      const claim = async (key: string, unknown: boolean, retentionMs: number | null) => {
        const id = `test/work/0/${key}`;
        const claim = { id, environment: 'test', operation: 'work', run: 0, token: key };
        const policy = {
          leaseMs: 1_000,
          retentionMs,
          abandoned: 'hold' as const,
          formatVersion: 1,
        };
        await store.acquire({ ...claim, ...policy });
        if (!unknown) return;
        const error = { name: 'TimeoutError', message: 'who knows' };
        await store.release(id, key, { error, retentionMs: 0, unknown });
      };
      await claim('crashed', false, 3_600_000);
      await claim('held', false, null);
      await claim('unknown', true, 3_600_000);
      await claim('unknown and held', true, null);
      await clock.advance(1_000);
      await claim('live', false, null);
      await idempotency.execute({ operation: 'other', key: 1 }, () => 1);
      const { records } =
        kind === 'that counts'
          ? idempotency
          : elsewhere({ store: { ...store, stats: undefined } as never });
      const counted: number[] = [];
      const none = { in_progress: 0, completed: 0, failed: 0, stuck: 0, held: 0, unknown: 0 };
      expect(await records.stats({}, (count) => counted.push(count))).toEqual([
        { operation: 'other', ...none, completed: 1 },
        { operation: 'work', ...none, in_progress: 5, stuck: 4, held: 2, unknown: 2 },
      ]);
      expect(counted.at(-1)).toBe(kind === 'that counts' ? undefined : 6);
      const ids = async (filter: RecordFilter) => {
        const found = await records.list(filter);
        return found.records.map(({ id }) => id.slice('test/work/0/'.length)).toSorted();
      };
      expect(await ids({ unknown: true })).toEqual(['unknown', 'unknown and held']);
      expect(await ids({ unknown: true, held: true })).toEqual(['unknown and held']);
    },
  );
});
