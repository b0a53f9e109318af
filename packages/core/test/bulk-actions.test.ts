import {
  type BulkProgress,
  type IdempotencyRecord,
  isOutcomeUnknown,
  outcomeUnknown,
  RECORD_FORMAT,
  type Store,
} from '@twiceproof/core';
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

  it('deleteAll forgets what is settled or abandoned, and leaves alone what executes', async () => {
    const { idempotency, work, statusOf, offloaded } = await abandonedRecords();
    const busy = gate();
    const executing = idempotency.execute({ operation: 'work', key: 'busy' }, () => busy.promise);
    await idempotency.execute({ operation: 'work', key: 'done' }, () => 'x'.repeat(2_000));
    await settled();
    expect(offloaded.size).toBe(1);
    const done = await idempotency.records.deleteAll({ operation: 'work' });
    expect(done).toEqual({ matched: 5, changed: 4, skipped: 1 });
    for (const key of ['stuck', 'held', 'unknown', 'done']) {
      expect(await statusOf(key), key).toBe(undefined);
    }
    expect(offloaded.size, 'its result went with it').toBe(0);
    busy.resolve();
    expect(await executing).toMatchObject({ outcome: 'executed' });
    expect(await idempotency.records.get(await work.idOf('busy'))).toMatchObject({
      status: 'completed',
    });
  });

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

/** A stuck, a held and an unknown record of one operation, each under its own name as key. */
async function abandonedRecords() {
  const offloaded = new Map<string, Uint8Array>();
  const own = deployed({
    maxResultBytes: 1_000,
    oversized: {
      put: async (id, bytes) => {
        offloaded.set(id, bytes);
        return id;
      },
      get: async (place) => offloaded.get(place)!,
      delete: async (place) => {
        offloaded.delete(place);
      },
    },
  });
  const { idempotency, store, clock } = own;
  const work = idempotency.wrap(async (_id: string) => {
    throw outcomeUnknown(new Error('no answer'));
  }, options);
  await work('unknown').catch(() => {});
  for (const [key, abandoned] of [
    ['stuck', 'reexecute'],
    ['held', 'hold'],
  ] as const) {
    await store.acquire({
      id: await work.idOf(key),
      environment: 'test',
      operation: 'work',
      run: 0,
      token: key,
      leaseMs: 1,
      retentionMs: abandoned === 'hold' ? null : 3_600_000,
      keyPreview: key,
      abandoned,
      formatVersion: RECORD_FORMAT,
    });
  }
  await clock.advance(10);
  const statusOf = async (key: string) => {
    const record = await idempotency.records.get(await work.idOf(key));
    return record && (isOutcomeUnknown(record) ? 'unknown' : record.status);
  };
  return { ...own, work, statusOf, offloaded };
}

const isStuckOnly = (record: IdempotencyRecord): boolean =>
  !isOutcomeUnknown(record) && record.expiresAt !== undefined;

describe('a condition that no filter can say', () => {
  it('keeps held and unknown records out of a release of the stuck ones', async () => {
    const { idempotency, statusOf } = await abandonedRecords();
    const told: unknown[] = [];
    const done = await idempotency.records.releaseAll(
      { stuck: true },
      {
        only: isStuckOnly,
        onRecord: ({ keyPreview }, isChanged) => told.push([keyPreview, isChanged]),
      },
    );
    expect(done).toEqual({ matched: 1, changed: 1, skipped: 0 });
    expect(told).toEqual([['stuck', true]]);
    expect(await statusOf('stuck')).toBe('failed');
    expect(await statusOf('held')).toBe('in_progress');
    expect(await statusOf('unknown')).toBe('unknown');
  });

  it('is asked of what a probe is asked about, too', async () => {
    const { idempotency, statusOf } = await abandonedRecords();
    const told: unknown[] = [];
    const done = await idempotency.records.reconcile({}, () => ({ completed: 'found' }), {
      only: isStuckOnly,
      onRecord: ({ keyPreview }, verdict) => told.push([keyPreview, verdict]),
    });
    expect(done).toMatchObject({ matched: 1, completed: 1 });
    expect(told).toEqual([['stuck', 'completed']]);
    expect(await statusOf('held')).toBe('in_progress');
    expect(await statusOf('unknown')).toBe('unknown');
  });

  it('is asked once more of the record as it is: what became unknown after it was listed is left alone', async () => {
    const { elsewhere, store, statusOf } = await abandonedRecords();
    const list: Store['list'] = async (query) => {
      const page = await store.list(query);
      // The executor that was cut off reports only now; the version of its record stays as it was.
      await store.release(page.records.find((r) => r.token === 'stuck')!.id, 'stuck', {
        error: { name: 'Error', message: 'no answer' },
        retentionMs: 3_600_000,
        unknown: true,
      });
      return page;
    };
    const { records } = elsewhere({ store: { ...store, list } });
    const done = await records.releaseAll({ stuck: true }, { only: isStuckOnly });
    expect(done).toEqual({ matched: 1, changed: 0, skipped: 1 });
    expect(await statusOf('stuck')).toBe('unknown');
  });

  it('that throws ends the action, and one that answers no boolean is refused', async () => {
    const { idempotency, statusOf } = await abandonedRecords();
    const { records } = idempotency;
    const thrown = records.releaseAll(
      {},
      {
        only: () => {
          throw new Error('the disk is full');
        },
      },
    );
    await expect(thrown).rejects.toThrow('the disk is full');
    const promised = records.releaseAll({}, { only: (async () => true) as never });
    await expect(promised).rejects.toThrow('answer true or false');
    expect(await statusOf('stuck')).toBe('in_progress');
  });
});
