import {
  type Idempotency,
  IdempotencyError,
  type RecordFilter,
  type Store,
} from '@twiceproof/core';
import { describe, expect, it, vi } from 'vitest';
import { deployed, gate, settled } from './deployed.ts';

const options = { operation: 'work', key: (id: string) => id };

describe('records', () => {
  it('lists the records of its own environment, page by page', async () => {
    const { idempotency, elsewhere } = deployed();
    const once = idempotency.wrap(async (id: string) => id, options);
    for (let n = 0; n < 7; n++) await once(`k${n}`);
    await elsewhere({ environment: 'other' }).wrap(async (id: string) => id, options)('hidden');
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await idempotency.records.list({ operation: 'work', limit: 3, cursor });
      seen.push(...page.records.map((record) => record.keyPreview!));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(seen.toSorted()).toEqual(['k0', 'k1', 'k2', 'k3', 'k4', 'k5', 'k6']);
    expect((await idempotency.records.list({ text: 'K3' })).records).toHaveLength(1);
    expect((await idempotency.records.list({ status: 'failed' })).records).toHaveLength(0);
  });

  it('lists, counts and changes the records of every environment where null is asked for', async () => {
    const { idempotency, elsewhere } = deployed();
    for (const environment of ['blue', 'green']) {
      await elsewhere({ environment }).wrap(async (id: string) => id, options)('a');
    }
    const { records } = await idempotency.records.list({ environment: null });
    expect(records.map(({ environment }) => environment).toSorted()).toEqual(['blue', 'green']);
    const [counted] = await idempotency.records.stats({ environment: null });
    expect(counted).toMatchObject({ operation: 'work', completed: 2 });
    expect(await idempotency.records.releaseAll({ environment: null })).toMatchObject({
      changed: 2,
    });
    expect((await idempotency.records.list()).records).toEqual([]);
  });

  it('shows the key, an input that was asked for, or nothing', async () => {
    const { idempotency } = deployed({ keySecret: 'pepper' });
    const plain = deployed().idempotency;
    const work = async (order: { id: string; note: string }) => order.id;
    const key = (order: { id: string }) => order.id;
    const order = { id: 'o1', note: 'fragile' };
    const preview = async (own: object, from = plain) => {
      const once = from.wrap(work, { operation: 'work', key, ...own });
      const { record } = await once.withRun(Math.floor(Math.random() * 1e9)).execute(order);
      return [record?.keyPreview, record?.inputPreview];
    };
    expect(await preview({})).toEqual(['o1', undefined]);
    expect(await preview({ input: (o: typeof order) => o.note })).toEqual(['o1', 'fragile']);
    expect(await preview({ input: false })).toEqual([undefined, undefined]);
    expect(await preview({}, idempotency)).toEqual([undefined, undefined]);
  });

  it('answers the result of a completed record', async () => {
    const { idempotency } = deployed();
    const once = idempotency.wrap(async (id: string) => ({ id }), options);
    await once('a');
    expect(await idempotency.records.result(await once.idOf('a'))).toEqual({ id: 'a' });
    await expect(idempotency.records.result('test/nope/0/x')).rejects.toMatchObject({
      code: 'OPTIONS_INVALID',
    });
  });

  it('release lets completed work run again, as the next attempt', async () => {
    const { idempotency } = deployed();
    const work = vi.fn(async (_id: string) => 'ok');
    const once = idempotency.wrap(work, options);
    await once('a');
    expect(await idempotency.records.release(await once.idOf('a'))).toBe(true);
    const { record } = await once.execute('a');
    expect(work).toHaveBeenCalledTimes(2);
    expect(record).toMatchObject({ attempt: 2 });
  });

  it('complete notes work as done, and never changes an outcome that is there', async () => {
    const { idempotency } = deployed();
    const once = idempotency.wrap(
      (_id: string) => Promise.reject(new Error('no')) as Promise<string>,
      options,
    );
    await once('a').catch(() => {});
    const id = await once.idOf('a');
    expect(await idempotency.records.complete(id, 'by hand')).toBe(true);
    expect(await once('a')).toBe('by hand');
    expect(await idempotency.records.get(id)).toMatchObject({ attempt: 1 });
    await expect(idempotency.records.complete(id, 'other')).rejects.toThrow('completed already');
    expect(await idempotency.records.complete('test/work/0/none', 1)).toBe(false);
  });

  it('tells what is held from what the next call takes over', async () => {
    const { idempotency, elsewhere, clock } = deployed({ heartbeat: false, retention: false });
    const never = async (_id: string) => new Promise<string>(() => {});
    for (const abandoned of ['hold', 'reexecute'] as const) {
      void elsewhere({ abandoned }).wrap(never, options)(abandoned);
    }
    await settled();
    const found = async (filter: RecordFilter) => {
      const { records } = await idempotency.records.list(filter);
      return records.map(({ keyPreview }) => keyPreview).toSorted();
    };
    expect(await found({ held: true })).toEqual([]);
    await clock.advance(30_001);
    expect(await found({ stuck: true })).toEqual(['hold', 'reexecute']);
    expect(await found({ held: true })).toEqual(['hold']);
    expect(await idempotency.records.stats({ held: true })).toMatchObject([{ in_progress: 1 }]);
  });

  it('refuses release and complete while somebody executes; delete goes ahead', async () => {
    const { idempotency } = deployed();
    const work = gate();
    const once = idempotency.wrap((_id: string) => work.promise, options);
    const call = once('a').catch((error: unknown) => error);
    await settled();
    const id = await once.idOf('a');
    await expect(idempotency.records.release(id)).rejects.toMatchObject({ code: 'IN_PROGRESS' });
    await expect(idempotency.records.complete(id, 1)).rejects.toMatchObject({
      code: 'IN_PROGRESS',
    });
    expect(await idempotency.records.delete(id)).toBe(true);
    expect(await idempotency.records.delete(id)).toBe(false);
    work.resolve();
    expect(await call).toMatchObject({ code: 'LEASE_LOST' });
  });

  it('acts only on the version that the operator saw', async () => {
    const { idempotency } = deployed();
    const once = idempotency.wrap(async (_id: string) => 'ok', options);
    const { record } = await once.execute('a');
    await idempotency.records.release(record!.id);
    await once('a');
    const { version } = record!;
    expect(await idempotency.records.release(record!.id, { version })).toBe(false);
    expect(await idempotency.records.delete(record!.id, { version })).toBe(false);
    expect(await idempotency.records.get(record!.id)).toMatchObject({ status: 'completed' });
  });

  it('sees and changes what paused retirement keeps', async () => {
    const { idempotency, clock } = deployed({ retention: '1h', retirement: 'paused' });
    const once = idempotency.wrap(async (_id: string) => 'ok', options);
    for (const id of ['a', 'b', 'c', 'd']) await once(id);
    await clock.advance(2 * 3_600_000);
    const { records } = idempotency;
    expect(await records.stats()).toMatchObject([{ operation: 'work', completed: 4 }]);
    expect(await records.delete(await once.idOf('a'))).toBe(true);
    expect(await records.get(await once.idOf('a'))).toBeUndefined();
    expect(await records.release(await once.idOf('b'))).toBe(true);
    expect(await records.extend(await once.idOf('c'), '1h')).toBe(true);
    expect(await records.extendAll({ operation: 'work' }, '7d')).toMatchObject({ changed: 3 });
    const resumed = idempotency.extend({ retirement: 'on' });
    expect(await resumed.records.result(await once.idOf('d'))).toBe('ok');
  });

  it('refuses what is no record id, without asking the store', async () => {
    const get = vi.fn();
    const { store } = deployed();
    const { idempotency } = deployed({ store: { ...store, get } });
    const { records } = idempotency;
    const odd = ['', ' ', 'test/work/0/x ', 'a\0b', 'tést', 'x'.repeat(5_000), 7, null, undefined];
    for (const id of odd as string[]) {
      for (const asked of [
        records.get(id),
        records.result(id),
        records.delete(id),
        records.release(id),
        records.complete(id, 1),
        records.extend(id, '1h'),
      ]) {
        await expect(asked).rejects.toMatchObject({ code: 'OPTIONS_INVALID' });
      }
    }
    expect(get).not.toHaveBeenCalled();
  });

  it('shows a record of a newer version, refuses to change it, and deletes it', async () => {
    const { store } = deployed();
    const newer: Store = {
      ...store,
      async get(id, request) {
        const record = await store.get(id, request);
        return record && { ...record, formatVersion: 2 };
      },
    };
    const { idempotency } = deployed({ store: newer });
    const once = idempotency.wrap(async (_id: string) => 'ok', options);
    await once('a');
    const id = await once.idOf('a');
    const { records } = idempotency;
    expect(await records.get(id)).toMatchObject({ formatVersion: 2, status: 'completed' });
    const changes = [records.release(id), records.extend(id, '1h'), records.result(id)];
    for (const changed of changes) {
      await expect(changed).rejects.toMatchObject({ code: 'RECORD_CORRUPT' });
    }
    expect(await records.delete(id)).toBe(true);
    expect((await once.execute('a')).outcome).toBe('executed');
  });

  it('deletes a record that cannot be read, and bulk actions leave it alone', async () => {
    const { store } = deployed();
    let damaged = '';
    const broken: Store = {
      ...store,
      async get(id, request) {
        if (id === damaged) throw new IdempotencyError('RECORD_CORRUPT', `${id} is damaged`);
        return store.get(id, request);
      },
    };
    const { idempotency } = deployed({ store: broken });
    const once = idempotency.wrap(async (_id: string) => 'ok', options);
    for (const id of ['a', 'b', 'c']) await once(id);
    damaged = await once.idOf('b');
    const { records } = idempotency;
    await expect(records.get(damaged)).rejects.toMatchObject({ code: 'RECORD_CORRUPT' });
    expect(await records.releaseAll({})).toEqual({ matched: 3, changed: 2, skipped: 1 });
    await expect(records.delete(damaged, { version: '1.completed.1' })).rejects.toMatchObject({
      code: 'RECORD_CORRUPT',
    });
    expect(await records.delete(damaged)).toBe(true);
    expect(await store.get(damaged)).toBeUndefined();
  });

  it('keeps the key secret that it was given, whatever becomes of its bytes', async () => {
    const keySecret = new Uint8Array([1, 2, 3]);
    const { idempotency } = deployed({ keySecret });
    const idOf = (of: Idempotency) => of.wrap(async (_id: string) => 'ok', options).idOf('a');
    const before = await idOf(idempotency);
    keySecret.fill(9);
    expect(await idOf(idempotency.extend({ retention: '1h' }))).toBe(before);
    expect(await idOf(idempotency.extend({ keySecret }))).not.toBe(before);
  });

  it('keeps of a reason what any store can keep', async () => {
    const { idempotency } = deployed();
    const once = idempotency.wrap(async (_id: string) => 'ok', options);
    await once('a');
    const id = await once.idOf('a');
    expect(await idempotency.records.release(id, { reason: `a\0b${'c'.repeat(10_000)}` })).toBe(
      true,
    );
    const { lastError } = (await idempotency.records.get(id))!;
    expect(lastError?.message).toMatch(/^a\ufffdbc+…$/);
    expect(lastError?.message.length).toBeLessThanOrEqual(500);
  });

  it('names the record and the path of a value that cannot be noted', async () => {
    const { idempotency } = deployed();
    const once = idempotency.wrap(
      (_id: string) => Promise.reject(new Error('no')) as Promise<string>,
      options,
    );
    await once('a').catch(() => {});
    const recordId = await once.idOf('a');
    await expect(idempotency.records.complete(recordId, { at: Symbol('x') })).rejects.toMatchObject(
      { code: 'RESULT_UNSERIALIZABLE', path: 'at', recordId },
    );
    expect(await idempotency.records.get(recordId)).toMatchObject({ status: 'failed' });
  });

  it('reports each action with who and why', async () => {
    const operatorAction = vi.fn();
    const { idempotency } = deployed({
      instrumentation: { execute: (_call, next) => next(), operatorAction },
    });
    const once = idempotency.wrap(async (_id: string) => 'ok', options);
    await once('a');
    const id = await once.idOf('a');
    await idempotency.records.delete(id, { by: 'sam', reason: 'wrong amount' });
    expect(operatorAction).toHaveBeenCalledWith({
      action: 'delete',
      id,
      done: true,
      by: 'sam',
      reason: 'wrong amount',
    });
  });

  it('extend keeps a settled record for longer, or for ever', async () => {
    const { idempotency, clock } = deployed({ retention: '1h' });
    const once = idempotency.wrap(async (_id: string) => 'ok', options);
    await once('a');
    const id = await once.idOf('a');
    expect(await idempotency.records.extend(id, '3h')).toBe(true);
    await clock.advance(2 * 3_600_000);
    expect((await once.execute('a')).outcome).toBe('replayed');
    expect(await idempotency.records.extend(id, false)).toBe(true);
    await clock.advance(1_000 * 3_600_000);
    expect((await once.execute('a')).outcome).toBe('replayed');
    expect(await idempotency.records.extend('test/work/0/none', '1h')).toBe(false);
    await expect(idempotency.records.extend(id, -1)).rejects.toMatchObject({
      code: 'OPTIONS_INVALID',
    });
  });
});
