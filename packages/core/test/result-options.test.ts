import type { TypeCodec } from '@twiceproof/core';
import { describe, expect, it, vi } from 'vitest';
import { deployed } from './deployed.ts';

const own = { operation: 'work', key: (id: string) => id };

class Money {
  readonly cents: bigint;
  constructor(cents: bigint) {
    this.cents = cents;
  }
}
const money: TypeCodec<Money> = {
  name: 'Money',
  is: (value) => value instanceof Money,
  encode: ({ cents }) => cents,
  decode: (cents) => new Money(cents as bigint),
};

describe('types', () => {
  it('give every replay an instance of its own, in this process and in another', async () => {
    const { idempotency, elsewhere } = deployed({ types: [money] });
    const work = vi.fn(async (_id: string) => ({ total: new Money(5n) }));
    const first = await idempotency.wrap(work, own)('a');
    const second = await idempotency.wrap(work, own)('a');
    const third = await elsewhere().wrap(work, own)('a');
    expect([second, third]).toStrictEqual([first, first]);
    expect(second.total).not.toBe(first.total);
    expect(work).toHaveBeenCalledTimes(1);
    const { records } = idempotency;
    expect(await records.result((await records.list()).records[0]!.id)).toStrictEqual(first);
  });

  it('are added to those of the default, whose names they take over', async () => {
    class Note {}
    const note: TypeCodec<Note> = {
      name: 'Note',
      is: (value) => value instanceof Note,
      encode: () => 'note',
      decode: () => new Note(),
    };
    const { idempotency } = deployed({ types: [money] });
    const once = idempotency.wrap(async (_id: string) => [new Money(1n), new Note()], {
      ...own,
      types: [note, { ...money, encode: () => 9n }],
    });
    await once('a');
    expect(await once('a')).toStrictEqual([new Money(9n), new Note()]);
  });

  it('are looked for by operators and by a probe, too', async () => {
    const { idempotency } = deployed({ types: [money], abandoned: 'hold' });
    const id = await idempotency.wrap(async (id: string) => id, own).idOf('a');
    const once = idempotency.wrap(
      async (_id: string): Promise<unknown> => Promise.reject('no'),
      own,
    );
    await expect(once('a')).rejects.toBe('no');
    expect(await idempotency.records.complete(id, new Money(3n))).toBe(true);
    expect(await once('a')).toStrictEqual(new Money(3n));
  });

  it.each<[string, Partial<TypeCodec>, string]>([
    ['encode', { encode: () => fail() }, 'RESULT_UNSERIALIZABLE'],
    ['decode', { decode: () => fail() }, 'RECORD_CORRUPT'],
  ])('never cause a second execution when one throws: %s', async (_, wrong, code) => {
    const { idempotency, elsewhere } = deployed({ types: [{ ...money, ...wrong }] });
    const work = vi.fn(async (_id: string) => ({ total: new Money(5n) }));
    const first = await idempotency.wrap(work, own).settled('a');
    const second = await elsewhere().wrap(work, own).settled('a');
    const error = (wrong.encode ? first : second).error;
    expect(error).toMatchObject({ code, path: 'total', recordId: expect.any(String) });
    expect((await idempotency.wrap(work, own).settled('a')).started).toBe(false);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('are refused where they are wrong', () => {
    expect(() => deployed({ types: [{}] as never })).toThrow('OPTIONS_INVALID: types[0].name');
    expect(() => deployed({ types: 'Money' as never })).toThrow('OPTIONS_INVALID: types');
  });
});

function fail(): never {
  throw new Error('no');
}

describe("result: 'omit'", () => {
  it('keeps nothing of a result, and a replay resolves to undefined', async () => {
    const { idempotency, elsewhere } = deployed({ result: 'omit' });
    const work = vi.fn(async (_id: string) => ({ secret: 'card number' }));
    const once = idempotency.wrap(work, own);
    expect(await once('a')).toEqual({ secret: 'card number' });
    expect(await once.execute('a')).toMatchObject({ value: undefined, outcome: 'replayed' });
    expect(await elsewhere().wrap(work, own)('a')).toBeUndefined();
    const id = await once.idOf('a');
    expect(await idempotency.records.result(id)).toBeUndefined();
    expect((await idempotency.records.get(id))?.outcomeBytes).toBeLessThan(10);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('is for what cannot be kept: a stream, a client, a result that is larger than the store takes', async () => {
    const { idempotency } = deployed({ result: 'omit', maxResultBytes: 10 });
    for (const [index, result] of [new ReadableStream(), () => 1, 'x'.repeat(100)].entries()) {
      const once = idempotency.wrap(async (_id: string) => result, own);
      expect(await once(String(index))).toBe(result);
      expect(await once(String(index))).toBeUndefined();
    }
  });

  it('still records errors, and what operators complete by hand', async () => {
    const { idempotency } = deployed({ result: 'omit', failure: 'record' });
    const once = idempotency.wrap((_id: string) => Promise.reject(new Error('declined')), own);
    await expect(once('a')).rejects.toThrow('declined');
    await expect(once('a')).rejects.toThrow('declined');
    expect(() => deployed({ result: 'drop' as never })).toThrow('OPTIONS_INVALID: result');
  });
});
