import { randomBytes } from 'node:crypto';
import type { Offload } from '@twiceproof/core';
import { describe, expect, it, vi } from 'vitest';
import { encodeValue } from '../src/codec/index.ts';
import { deployed, gate, settled } from './deployed.ts';

const options = { operation: 'work', key: (id: string) => id };
const key = (): string => randomBytes(32).toString('base64');

/** Objects in a Map, and what was asked of it. */
function bucket() {
  const objects = new Map<string, Uint8Array>();
  const offload = {
    put: vi.fn(async (name: string, bytes: Uint8Array) => void objects.set(name, bytes)),
    get: vi.fn(async (name: string) => objects.get(name)),
    delete: vi.fn(async (name: string) => void objects.delete(name)),
  } satisfies Offload;
  return { objects, offload };
}

describe('offload', () => {
  it('takes results over the limit, and gives them back on replay only', async () => {
    const { objects, offload } = bucket();
    const { idempotency } = deployed({ oversized: offload, maxResultBytes: 500 });
    const work = vi.fn(async (id: string) => ({ id, text: 'x'.repeat(1_000) }));
    const once = idempotency.wrap(work, options);
    await once('a');
    expect(offload.get).not.toHaveBeenCalled();
    expect(await once('a')).toStrictEqual({ id: 'a', text: 'x'.repeat(1_000) });
    expect(work).toHaveBeenCalledTimes(1);
    const [name] = objects.keys();
    expect(name?.startsWith(`${await once.idOf('a')}/`)).toBe(true);
    await idempotency.wrap(async (_id: string) => 'small', { ...options, operation: 'small' })('a');
    expect(objects.size).toBe(1);
  });

  it('is asked once for callers that share an execution', async () => {
    const { offload } = bucket();
    const { idempotency } = deployed({
      oversized: offload,
      maxResultBytes: 100,
      inProgress: 'wait',
    });
    const work = gate<string>();
    const once = idempotency.wrap((_id: string) => work.promise, options);
    const calls = [once('a'), once('a'), once('a')];
    await settled();
    work.resolve('x'.repeat(1_000));
    expect((await Promise.all(calls)).map((value) => value.length)).toEqual([1_000, 1_000, 1_000]);
    expect(offload.get).not.toHaveBeenCalled();
  });

  it('loses the object with its record: deleted or released', async () => {
    const { objects, offload } = bucket();
    const { idempotency } = deployed({ oversized: offload, maxResultBytes: 100 });
    const once = idempotency.wrap(async (_id: string) => 'x'.repeat(1_000), options);
    await once('a');
    await once('b');
    expect(objects.size).toBe(2);
    await idempotency.records.delete(await once.idOf('a'));
    expect(objects.size).toBe(1);
    await idempotency.records.release(await once.idOf('b'));
    expect(objects.size).toBe(0);
  });

  it('leaves the work done when it fails, without the result', async () => {
    const { offload } = bucket();
    offload.put.mockRejectedValue(new Error('bucket is down'));
    const { idempotency } = deployed({ oversized: offload, maxResultBytes: 100 });
    const work = vi.fn(async (_id: string) => 'x'.repeat(1_000));
    const once = idempotency.wrap(work, options);
    expect(await once('a')).toHaveLength(1_000);
    await expect(once('a')).rejects.toMatchObject({ code: 'RESULT_OMITTED' });
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('says when an object cannot be fetched, or is gone', async () => {
    const { objects, offload } = bucket();
    const { idempotency, elsewhere } = deployed({ oversized: offload, maxResultBytes: 100 });
    const once = idempotency.wrap(async (_id: string) => 'x'.repeat(1_000), options);
    await once('a');
    const without = elsewhere({ oversized: 'omit' }).wrap(async (_id: string) => '', options);
    await expect(without('a')).rejects.toMatchObject({ code: 'OPTIONS_INVALID' });
    offload.get.mockRejectedValueOnce(new Error('timeout'));
    await expect(once('a')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    objects.clear();
    await expect(once('a')).rejects.toMatchObject({ code: 'RESULT_OMITTED' });
  });

  it('refuses an object that is not as long as the one that was put', async () => {
    const { objects, offload } = bucket();
    const { idempotency } = deployed({ oversized: offload, maxResultBytes: 100 });
    const once = idempotency.wrap(async (_id: string) => 'x'.repeat(1_000), options);
    await once('a');
    const [[name, bytes] = ['', new Uint8Array()]] = objects;
    objects.set(name, encodeValue('planted'));
    await expect(once('a')).rejects.toMatchObject({ code: 'RECORD_CORRUPT' });
    await expect(once('a')).rejects.toThrow(`${bytes.byteLength} were put there`);
    objects.set(name, bytes);
    expect(await once('a')).toHaveLength(1_000);
  });

  it('refuses an offload that lacks a method', () => {
    expect(() => deployed({ oversized: { put: async () => {} } as never })).toThrow(
      'oversized.get',
    );
  });
});

describe('compress', () => {
  it.each([true, 'zstd', 'gzip', { algorithm: 'gzip' }, { threshold: 10 }] as const)(
    '%o makes large results smaller in the store',
    async (compress) => {
      const { idempotency, store } = deployed({ compress });
      const once = idempotency.wrap(async (_id: string) => 'x'.repeat(10_000), options);
      await once('a');
      expect(await once('a')).toBe('x'.repeat(10_000));
      expect((await store.get(await once.idOf('a')))?.outcome?.byteLength).toBeLessThan(500);
    },
  );

  it('is off where a preset turns it off again', async () => {
    const { idempotency, store } = deployed({ compress: true });
    const once = idempotency
      .extend({ compress: false })
      .wrap(async (_id: string) => 'x'.repeat(10_000), options);
    await once('a');
    expect((await store.get(await once.idOf('a')))?.outcome?.byteLength).toBeGreaterThan(10_000);
  });

  it('is applied before the limit', async () => {
    const { idempotency } = deployed({ compress: { algorithm: 'gzip' }, maxResultBytes: 1_000 });
    const once = idempotency.wrap(async (_id: string) => 'x'.repeat(10_000), options);
    await once('a');
    expect(await once('a')).toHaveLength(10_000);
  });
});

describe('encrypt', () => {
  it('keeps results and recorded errors unreadable in the store', async () => {
    const { idempotency, store } = deployed({
      encrypt: { current: 'k1', keys: { k1: key() } },
      compress: { algorithm: 'gzip' },
      failure: 'record',
    });
    const once = idempotency.wrap(async (id: string) => {
      if (id === 'bad') throw Object.assign(new Error('refused'), { detail: 'secret-detail' });
      return 'secret-value';
    }, options);
    await once('good');
    await once('bad').catch(() => {});
    for (const id of ['good', 'bad']) {
      const { outcome } = (await store.get(await once.idOf(id)))!;
      expect(Buffer.from(outcome!).includes('secret')).toBe(false);
    }
    expect(await once('good')).toBe('secret-value');
    await expect(once('bad')).rejects.toMatchObject({
      message: 'refused',
      detail: 'secret-detail',
    });
    expect(await idempotency.records.result(await once.idOf('good'))).toBe('secret-value');
  });

  it('rotates: a new current key encrypts, and the old ones still decrypt', async () => {
    const [k1, k2] = [key(), key()];
    const { idempotency, elsewhere } = deployed({ encrypt: { current: 'k1', keys: { k1 } } });
    const work = async (_id: string) => 'ok';
    await idempotency.wrap(work, options)('old');
    const rotated = elsewhere({ encrypt: { current: 'k2', keys: { k1, k2 } } }).wrap(work, options);
    await rotated('new');
    expect((await rotated.execute('old')).outcome).toBe('replayed');
    await expect(idempotency.wrap(work, options)('new')).rejects.toMatchObject({
      code: 'RECORD_CORRUPT',
    });
  });

  it('refuses an outcome that was moved here from another record', async () => {
    const { store } = deployed();
    const { idempotency } = deployed({
      store: {
        ...store,
        acquire: async (claim, request) => {
          const answer = await store.acquire(claim, request);
          if (answer.status === 'acquired') return answer;
          const other = await store.get(claim.id.replace(/[^/]+$/, '') + moved.digest);
          return { ...answer, record: { ...answer.record, outcome: other?.outcome } };
        },
      },
      encrypt: { current: 'k1', keys: { k1: key() } },
    });
    const moved = { digest: '' };
    const work = vi.fn(async (id: string) => `result of ${id}`);
    const once = idempotency.wrap(work, options);
    await once('a');
    await once('b');
    moved.digest = (await once.idOf('b')).split('/').at(-1)!;
    await expect(once('a')).rejects.toMatchObject({ code: 'RECORD_CORRUPT' });
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('keeps offloaded results unreadable, too', async () => {
    const { objects, offload } = bucket();
    const { idempotency, store } = deployed({
      encrypt: { current: 'k1', keys: { k1: key() } },
      oversized: offload,
      maxResultBytes: 100,
    });
    const once = idempotency.wrap(async (_id: string) => 'secret'.repeat(100), options);
    await once('a');
    expect(Buffer.from([...objects.values()][0]!).includes('secret')).toBe(false);
    expect(await once('a')).toBe('secret'.repeat(100));
    const [name] = objects.keys();
    const { outcome } = (await store.get(await once.idOf('a')))!;
    expect(Buffer.from(outcome!).includes(name!)).toBe(false);
    expect(await idempotency.records.delete(await once.idOf('a'))).toBe(true);
    expect(objects.size).toBe(0);
  });

  it('refuses what was put into the store or the offload unencrypted, and deletes nothing for it', async () => {
    const { objects, offload } = bucket();
    const { idempotency, elsewhere } = deployed({ maxResultBytes: 100, oversized: offload });
    const encrypt = { current: 'k1', keys: { k1: key() } };
    const encrypted = elsewhere({ encrypt });
    const work = vi.fn(async (id: string) => id.repeat(100));
    const plant = idempotency.wrap(work, options);
    const once = encrypted.wrap(work, options);
    await plant('a');
    await plant('long');
    await once('large');
    work.mockClear();
    for (const id of ['a', 'long']) {
      const refused = once(id);
      await expect(refused).rejects.toMatchObject({ code: 'RECORD_CORRUPT' });
      await expect(refused).rejects.toThrow('acceptPlaintext');
      const result = encrypted.records.result(await once.idOf(id));
      await expect(result).rejects.toMatchObject({ code: 'RECORD_CORRUPT' });
    }
    expect(offload.get).not.toHaveBeenCalled();
    expect(await encrypted.records.delete(await once.idOf('long'))).toBe(true);
    expect(offload.delete).not.toHaveBeenCalled();

    const [name] = [...objects.keys()].slice(-1);
    objects.set(name!, encodeValue('x'.repeat(objects.get(name!)!.byteLength - 5)));
    await expect(once('large')).rejects.toThrow('acceptPlaintext');
    expect(work).not.toHaveBeenCalled();

    const migrating = elsewhere({ encrypt: { ...encrypt, acceptPlaintext: true } });
    expect(await migrating.wrap(work, options).execute('a')).toMatchObject({ outcome: 'replayed' });
  });

  it('encrypts also that a result was omitted, and what an operator noted as done', async () => {
    const { idempotency, store, elsewhere } = deployed({
      encrypt: { current: 'k1', keys: { k1: key() } },
      maxResultBytes: 200,
    });
    const once = idempotency.wrap(async (id: string) => {
      if (id === 'failed') throw new Error('no');
      return id === 'odd' ? Symbol('odd') : 'x'.repeat(1_000);
    }, options);
    for (const id of ['large', 'odd', 'failed']) await once(id).catch(() => {});
    const { records } = idempotency;
    expect(await records.complete(await once.idOf('failed'), 'secret-note')).toBe(true);
    for (const id of ['large', 'odd', 'failed']) {
      const { outcome } = (await store.get(await once.idOf(id)))!;
      expect(outcome![1]! & 0x20).toBe(0x20);
    }
    await expect(once('large')).rejects.toMatchObject({ code: 'RESULT_OMITTED' });
    await expect(once('odd')).rejects.toMatchObject({ code: 'RESULT_OMITTED' });
    expect(await once('failed')).toBe('secret-note');

    await elsewhere({ encrypt: undefined }).wrap(
      async (_id: string) => 'x'.repeat(1_000),
      options,
    )('planted');
    await expect(once('planted')).rejects.toMatchObject({ code: 'RECORD_CORRUPT' });
  });

  it('is the answer of callers that share an execution, too', async () => {
    const { idempotency } = deployed({
      encrypt: { current: 'k1', keys: { k1: key() } },
      inProgress: 'wait',
    });
    const work = gate<string>();
    const once = idempotency.wrap((_id: string) => work.promise, options);
    const calls = [once('a'), once('a')];
    await settled();
    work.resolve('ok');
    expect(await Promise.all(calls)).toEqual(['ok', 'ok']);
  });

  it('keeps the keys that it was given, whatever becomes of their bytes', async () => {
    const k1 = randomBytes(32);
    const encrypt = { current: 'k1', keys: { k1: new Uint8Array(k1) } };
    const { idempotency, elsewhere } = deployed({ encrypt });
    encrypt.keys.k1.fill(0);
    await idempotency.wrap(async (_id: string) => 'ok', options)('a');
    const other = elsewhere({ encrypt: { current: 'k1', keys: { k1 } } });
    expect(await other.wrap(async (_id: string) => '', options)('a')).toBe('ok');
  });
});
