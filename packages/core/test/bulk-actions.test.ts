import type { BulkProgress, Store } from '@twiceproof/core';
import { describe, expect, it } from 'vitest';
import { deployed, gate, settled } from './deployed.ts';

const options = { operation: 'work', key: (id: string) => id };

describe('actions on many records', () => {
  it('releaseAll lets the work of a broken day run again, and leaves alone what executes', async () => {
    const { idempotency } = deployed();
    const work = gate();
    const once = idempotency.wrap(
      async (id: string) => (id === 'busy' ? work.promise : undefined),
      options,
    );
    for (let n = 0; n < 5; n++) await once(`k${n}`);
    const busy = once('busy');
    await settled();
    const progress: number[] = [];
    const done = await idempotency.records.releaseAll(
      { operation: 'work', limit: 2 },
      { by: 'ada', onProgress: ({ matched }) => progress.push(matched) },
    );
    expect(done).toEqual({ matched: 6, changed: 5, skipped: 1 });
    expect(progress).toEqual([2, 4, 6]);
    expect((await once.execute('k0')).outcome).toBe('executed');
    work.resolve();
    await busy;
  });

  it('releaseAll works on eight records at a time', async () => {
    const { store } = deployed();
    let busy = 0;
    let most = 0;
    const release: Store['release'] = async (...request) => {
      most = Math.max(most, ++busy);
      await settled();
      busy--;
      return store.release(...request);
    };
    const { idempotency } = deployed({ store: { ...store, release } });
    const once = idempotency.wrap(async (_id: string) => 'ok', options);
    for (let n = 0; n < 20; n++) await once(`k${n}`);
    const done = await idempotency.records.releaseAll({ operation: 'work' });
    expect(done).toEqual({ matched: 20, changed: 20, skipped: 0 });
    expect(most).toBe(8);
  });

  it.each(['is aborted', 'meets a fault'])(
    'an action on many records that %s starts no more, and tells what it did',
    async (how) => {
      const { store } = deployed();
      const stop = new AbortController();
      let extended = 0;
      const extend: Store['extend'] = async (...request) => {
        if (++extended === 30) {
          if (how === 'meets a fault') throw new Error('ECONNRESET');
          stop.abort(new Error('ECONNRESET'));
        }
        await settled();
        return store.extend!(...request);
      };
      const { idempotency } = deployed({ store: { ...store, extend } });
      const once = idempotency.wrap(async (_id: string) => 'ok', options);
      for (let n = 0; n < 40; n++) await once(`k${n}`);
      const progress: BulkProgress[] = [];
      const stopped = idempotency.records.extendAll({ limit: 20 }, '7d', {
        signal: stop.signal,
        onProgress: (soFar) => progress.push(soFar),
      });
      await expect(stopped).rejects.toThrow('ECONNRESET');
      expect(extended).toBeLessThan(30 + 8);
      const changed = how === 'meets a fault' ? extended - 1 : extended;
      expect(progress).toEqual([
        { matched: 20, changed: 20, skipped: 0 },
        { matched: changed, changed, skipped: 0 },
      ]);
      const untilThen = extended;
      await settled();
      expect([extended, progress.length]).toEqual([untilThen, 2]);
    },
  );

  it('extendAll gives engineers time before retirement', async () => {
    const { idempotency, clock } = deployed({ retention: '1h' });
    const once = idempotency.wrap(async (_id: string) => 'ok', options);
    for (let n = 0; n < 3; n++) await once(`k${n}`);
    expect(await idempotency.records.extendAll({ operation: 'work' }, '7d')).toEqual({
      matched: 3,
      changed: 3,
      skipped: 0,
    });
    await clock.advance(24 * 3_600_000);
    expect((await once.execute('k2')).outcome).toBe('replayed');
  });
});
