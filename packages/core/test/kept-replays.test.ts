import {
  type CallInfo,
  type Idempotency,
  type IdempotencyOptions,
  registerInstrumentation,
} from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Deployed, deployed, deployedAfar } from './deployed.ts';

/** As often as it takes to read a result, to keep it, and to answer with what was kept. */
const times = [1, 2, 3, 4, 5];

function charging({ wrap }: Idempotency, answer: (id: string) => unknown) {
  const charge = vi.fn(async (id: string) => answer(id));
  return { charge, once: wrap(charge, { operation: 'charge', key: (id) => id }) };
}

describe.each<[string, (options?: Partial<IdempotencyOptions>) => Deployed]>([
  ['at once', deployed],
  ['after a while', deployedAfar],
])('from a store that answers %s,', (_how, deploy) => {
  describe('a result that is replayed again and again', () => {
    it.each<[string, () => unknown]>([
      ['text', () => 'paid'],
      ['nothing', () => null],
      ['undefined', () => undefined],
      ['an object', () => ({ id: 'r-1', cents: 1_990, isPaid: true, note: null })],
      ['a list', () => [1, [2, ['three']], { four: [] }]],
      ['nested objects', () => ({ a: { b: { c: [{ d: 1 }, { d: 2 }] } }, e: {} })],
      ['a list with a hole', () => Object.assign(Array(3), { 1: 'one' })],
      ['a list with a property', () => Object.assign([1, 2], { total: 3 })],
      ['a Date in it', () => ({ at: new Date(0), all: new Map([['a', new Set([1n])]]) })],
      ['bytes in it', () => ({ bytes: new Uint8Array([1, 2, 3]) })],
      ['an object without a prototype', () => Object.assign(Object.create(null), { a: [1] })],
      ['a name that is special', () => JSON.parse('{"__proto__":{"a":1},"toString":[1]}')],
      ['more than is kept', () => ({ text: 'x'.repeat(2_000), parts: [[1]] })],
    ])('is %s of everybody who is answered, as it was', async (_what, make) => {
      const { charge, once } = charging(deploy().idempotency, make);
      await once('a');
      for (const _time of times) {
        const value = await once('a');
        expect(value).toStrictEqual(make());
        spoil(value);
      }
      expect(charge).toHaveBeenCalledTimes(1);
    });

    it('shows the same record each time, which nobody can change for the others', async () => {
      const seen: CallInfo[] = [];
      registerInstrumentation({
        execute: (info, next) => {
          seen.push(info);
          return next();
        },
      });
      const { once } = charging(deploy().idempotency, () => ({ paid: true }));
      const { record } = await once.execute('a');
      for (const _time of times) expect(await once.execute('a')).toMatchObject({ record });
      for (const { record } of seen) {
        if (!record) throw new Error('it saw none');
        Reflect.set(record, 'operation', 'another');
        record.outcome?.fill(0);
      }
      expect(await once.execute('a')).toMatchObject({ value: { paid: true }, record });
    });

    it('is refused to another fingerprint, and tells of another input', async () => {
      const { wrap } = deploy().idempotency;
      const once = wrap(async (order: { id: string; cents: number }) => order.cents, {
        operation: 'order',
        key: ({ id }) => id,
        fingerprint: ({ cents }) => cents,
      });
      for (const _time of times) expect(await once({ id: 'a', cents: 1 })).toBe(1);
      await expect(once({ id: 'a', cents: 2 })).rejects.toThrow('FINGERPRINT_MISMATCH');
      expect(await once({ id: 'a', cents: 1 })).toBe(1);
    });

    it('is known by a key that is no text, too', async () => {
      const work = vi.fn(async (order: { id: string }, _count: number) => ({ of: order.id }));
      const once = deploy().idempotency.wrap(work, { operation: 'order' });
      for (const _time of times) {
        expect(await once({ id: 'a' }, 1)).toEqual({ of: 'a' });
        expect(await once({ id: 'b' }, 1)).toEqual({ of: 'b' });
      }
      expect(work).toHaveBeenCalledTimes(2);
    });
  });

  describe('what is kept of a record', () => {
    afterEach(() => registerInstrumentation(undefined));

    it('is not answered once the record is deleted, and what is recorded next is', async () => {
      let count = 0;
      const { idempotency, store } = deploy();
      const { once } = charging(idempotency, () => ({ count: ++count }));
      const id = await once.idOf('a');
      for (const remove of [() => store.delete(id), () => idempotency.records.delete(id)]) {
        for (const _time of times) expect(await once('a')).toEqual({ count: count || 1 });
        const before = count;
        expect(await remove()).toBe(true);
        for (const _time of times) expect(await once('a')).toEqual({ count: before + 1 });
      }
    });

    it('is not answered once the retention is over', async () => {
      let count = 0;
      const { idempotency, clock } = deploy({ retention: '1h' });
      const { once } = charging(idempotency, () => ++count);
      for (const _time of times) expect(await once('a')).toBe(1);
      await clock.advance(3_600_001);
      for (const _time of times) expect(await once('a')).toBe(2);
    });

    it('shows the retention that an operator gave the record', async () => {
      const { idempotency } = deploy();
      const { once } = charging(idempotency, () => ({ paid: true }));
      const id = await once.idOf('a');
      for (const _time of times) await once('a');
      await idempotency.records.extend(id, false);
      for (const _time of times) {
        const { value, record } = await once.execute('a');
        expect([value, record?.expiresAt]).toEqual([{ paid: true }, undefined]);
      }
    });

    it('is not asked for where another process has the store as its own', async () => {
      const store = memoryStore();
      const [one, other] = [deploy({ store }), deploy({ store })];
      let count = 0;
      const first = charging(one.idempotency, () => ++count);
      const second = charging(other.idempotency, () => ++count);
      for (const _time of times)
        expect([await first.once('a'), await second.once('a')]).toEqual([1, 1]);
      await other.idempotency.records.delete(await first.once.idOf('a'));
      for (const _time of times)
        expect([await second.once('a'), await first.once('a')]).toEqual([2, 2]);
    });
  });
});

/** Changes all that can be changed of a value. */
function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const part of Object.values(value)) spoil(part);
  if (value instanceof Uint8Array) value.fill(9);
  else if (value instanceof Date) value.setTime(1);
  else if (value instanceof Map) value.clear();
  else {
    for (const name of Object.keys(value)) Reflect.set(value, name, 'spoilt');
    Reflect.set(value, 'more', true);
  }
}
