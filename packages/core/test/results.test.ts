import { describe, expect, it, vi } from 'vitest';
import { deployed } from './deployed.ts';

const options = { operation: 'work', key: (id: string) => id };

describe('results', () => {
  it('replays every serialisable value deep-equal', async () => {
    const { idempotency } = deployed();
    const value = {
      nothing: undefined,
      zero: -0,
      numbers: [Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53 + 2, 0.1],
      big: 2n ** 80n,
      at: new Date(1_700_000_000_123),
      map: new Map<unknown, unknown>([[{ k: 1 }, new Set(['x'])]]),
      bytes: new Uint8Array([1, 2, 3]),
      floats: new Float64Array([1.5]),
      ['__proto__']: 'own',
    };
    const once = idempotency.wrap(async (_id: string) => value, options);
    await once('a');
    expect(await once('a')).toStrictEqual(value);
  });

  it('completes without an unserialisable result: the first caller is told, replays know, nothing runs twice', async () => {
    const { idempotency } = deployed();
    const work = vi.fn(async (_id: string) => ({ items: [{ socket: new WeakMap() }] }));
    const once = idempotency.wrap(work, options);
    await expect(once('a')).rejects.toMatchObject({
      code: 'RESULT_UNSERIALIZABLE',
      path: 'items[0].socket',
      recordId: await once.idOf('a'),
    });
    await expect(once('a')).rejects.toMatchObject({ code: 'RESULT_OMITTED' });
    expect(work).toHaveBeenCalledTimes(1);
    expect(await idempotency.records.get(await once.idOf('a'))).toMatchObject({
      status: 'completed',
    });
  });

  it('completes without a result that is too large: the first caller gets it, replays know, nothing runs twice', async () => {
    const { idempotency } = deployed({ maxResultBytes: 100 });
    const work = vi.fn(async (_id: string) => 'x'.repeat(200));
    const once = idempotency.wrap(work, options);
    expect(await once('a')).toHaveLength(200);
    await expect(once('a')).rejects.toMatchObject({ code: 'RESULT_OMITTED' });
    expect(work).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['more than is ever encoded', () => ({ rows: [new Uint8Array(64 * 1024 * 1024)] })],
    ['more only once it is encoded', () => ({ rows: ['€'.repeat(24 * 1024 * 1024)] })],
  ])(
    'completes without a result that is %s, whatever the store and the offload take',
    async (_, large) => {
      const put = vi.fn();
      const { idempotency } = deployed({
        oversized: { put, get: async () => undefined, delete: async () => {} },
      });
      const value = large();
      const work = vi.fn(async (_id: string) => value);
      const once = idempotency.wrap(work, options);
      const { value: first, outcome, record } = await once.execute('a');
      expect(first === value).toBe(true);
      expect([outcome, record?.status]).toEqual(['executed', 'completed']);
      await expect(once('a')).rejects.toMatchObject({
        code: 'RESULT_OMITTED',
        message: expect.stringContaining('too large'),
      });
      expect(work).toHaveBeenCalledTimes(1);
      expect(put).not.toHaveBeenCalled();
    },
  );

  it('leaves the value out when the store finds the record too large', async () => {
    const { store } = deployed();
    const complete = vi.fn<typeof store.complete>(async (id, token, outcome) =>
      outcome.bytes.byteLength > 50
        ? { status: 'too_large', recordBytes: 300, maxRecordBytes: 250 }
        : store.complete(id, token, outcome),
    );
    const { idempotency } = deployed({ store: { ...store, complete } });
    const once = idempotency.wrap(async (_id: string) => 'x'.repeat(200), options);
    expect(await once('a')).toHaveLength(200);
    await expect(once('a')).rejects.toMatchObject({ code: 'RESULT_OMITTED' });
    expect(complete).toHaveBeenCalledTimes(2);
  });

  it('keeps the record owned when not even the end of the work fits into the store', async () => {
    const { store } = deployed();
    const complete = async () =>
      ({ status: 'too_large', recordBytes: 300, maxRecordBytes: 250 }) as const;
    const remove = vi.fn(async () => {});
    const { idempotency } = deployed({
      store: { ...store, complete },
      oversized: { put: async () => 'there', get: async () => undefined, delete: remove },
    });
    const work = vi.fn(async (_id: string) => 'ok');
    const once = idempotency.wrap(work, options);
    await expect(once('a')).rejects.toMatchObject({
      code: 'OPTIONS_INVALID',
      message: expect.stringContaining('stays owned until its lease is over'),
    });
    await expect(once('a')).rejects.toMatchObject({ code: 'IN_PROGRESS' });
    expect(work).toHaveBeenCalledTimes(1);
    expect(remove).toHaveBeenCalledWith('there');
  });

  it('refuses a corrupt record and one of a newer version, and executes nothing', async () => {
    const { store } = deployed();
    for (const [damage, message] of [
      [{ outcome: new Uint8Array([1, 0, 0xc1]) }, 'RECORD_CORRUPT'],
      [{ outcome: undefined }, 'RECORD_CORRUPT'],
      [{ outcome: new Uint8Array([99, 0, 0xc0]) }, 'upgrade'],
      [{ formatVersion: 2 }, 'upgrade'],
      [{ formatVersion: 0 }, 'format is unknown'],
      [{ status: 'paused' as never }, 'RECORD_CORRUPT'],
    ] as const) {
      const { idempotency } = deployed({
        store: {
          ...store,
          acquire: async (claim, request) => {
            const answer = await store.acquire(claim, request);
            return {
              ...answer,
              record: { ...answer.record, ...(answer.status === 'existing' ? damage : {}) },
            };
          },
        },
      });
      const work = vi.fn(async (_id: string) => 'ok');
      const once = idempotency.wrap(work, options);
      await once(message + JSON.stringify(damage));
      work.mockClear();
      const refused = once(message + JSON.stringify(damage));
      await expect(refused).rejects.toMatchObject({ code: 'RECORD_CORRUPT' });
      await expect(refused).rejects.toThrow(message);
      expect(work).not.toHaveBeenCalled();
    }
  });
});
