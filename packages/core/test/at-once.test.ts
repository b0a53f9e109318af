import {
  createIdempotency,
  type IdempotencyOptions,
  type Store,
  type StoredRecord,
} from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { describe, expect, it, vi } from 'vitest';

function charging(store: Store) {
  const charge = vi.fn(async (id: string) => `charged ${id}`);
  const { wrap } = createIdempotency({ environment: 'test', store });
  return { charge, once: wrap(charge, { operation: 'charge', key: (id) => id }) };
}

describe('a store that answers at once', () => {
  it('is not asked for promises by a call that goes well', async () => {
    const store = memoryStore();
    const { once, charge } = charging(store);
    const names = ['get', 'renew', 'release'] as const;
    const asked = names.map((name) => vi.spyOn(store, name));
    expect([await once('a'), await once('a')]).toEqual(['charged a', 'charged a']);
    expect(charge).toHaveBeenCalledTimes(1);
    for (const spy of asked) expect(spy).not.toHaveBeenCalled();
  });

  it('is asked through the methods of whoever decorates it', async () => {
    const inner = memoryStore();
    const acquire = vi.fn(inner.acquire);
    const complete = vi.fn(inner.complete);
    const { once } = charging({ ...inner, acquire, complete });
    await once('a');
    await once('a');
    expect(acquire).toHaveBeenCalledTimes(2);
    expect(complete).toHaveBeenCalledTimes(1);
  });

  it('is asked through a method that was put in the place of one later', async () => {
    const store = memoryStore();
    const { once } = charging(store);
    await once('a');
    const acquire = vi.spyOn(store, 'acquire');
    const complete = vi.spyOn(store, 'complete');
    await once('a');
    await once('b');
    expect(acquire).toHaveBeenCalledTimes(2);
    expect(complete).toHaveBeenCalledTimes(1);
  });

  it('that throws is asked again as any other', async () => {
    const store = memoryStore();
    const fail = (): never => {
      throw new Error('not now');
    };
    const atOnce = { ...store.atOnce, acquire: vi.fn(fail), complete: vi.fn(fail) };
    const { once } = charging({ ...store, atOnce });
    expect(await once.execute('a')).toMatchObject({ value: 'charged a', outcome: 'executed' });
    expect(await once.execute('a')).toMatchObject({ value: 'charged a', outcome: 'replayed' });
    expect(atOnce.acquire).toHaveBeenCalledTimes(1);
    expect(atOnce.complete).toHaveBeenCalledTimes(1);
  });

  describe('completes a record', () => {
    /** Whether the record of each completion is looked at. */
    function completing(options: Partial<IdempotencyOptions> = {}) {
      const store = memoryStore();
      const { complete } = store.atOnce;
      const looks: boolean[] = [];
      vi.spyOn(store.atOnce, 'complete').mockImplementation((...given) => {
        const settlement = complete(...given);
        const at = looks.push(false) - 1;
        const look = () => {
          looks[at] = true;
          return (settlement as { readonly record: StoredRecord }).record;
        };
        return Object.defineProperty({ status: 'done' }, 'record', { get: look }) as never;
      });
      const { wrap } = createIdempotency({ environment: 'test', store, ...options });
      const once = wrap(async (id: string) => id, { operation: 'charge', key: (id) => id });
      return { once, looks };
    }

    it('that nobody looks at, and keeps it as any other', async () => {
      const { once, looks } = completing();
      expect(await once('a')).toBe('a');
      expect(looks).toEqual([false]);
      const { outcome, record } = await once.execute('a');
      expect(outcome).toBe('replayed');
      expect(record).toMatchObject({ status: 'completed', outcomeBytes: expect.any(Number) });
    });

    it('that whoever asked for more than the value is shown', async () => {
      const { once, looks } = completing();
      const { record } = await once.execute('a');
      const settled = await once.settled('b');
      for (const shown of [record, settled.record]) {
        expect(shown).toMatchObject({ status: 'completed', outcomeBytes: expect.any(Number) });
      }
      expect(looks).toEqual([true, true]);
    });

    it('that whoever waited for the same call is answered with', async () => {
      const { once, looks } = completing({ inProgress: 'wait' });
      const both = await Promise.all([once('a'), once.execute('a')]);
      expect(both).toMatchObject(['a', { outcome: 'replayed', record: { status: 'completed' } }]);
      expect(looks).toEqual([true]);
    });

    it('that instrumentation is shown', async () => {
      const seen: unknown[] = [];
      const { once } = completing({
        instrumentation: {
          async execute(call, next) {
            const answer = await next();
            seen.push(call.record?.status);
            return answer;
          },
        },
      });
      await once('a');
      expect(seen).toEqual(['completed']);
    });
  });

  it('that cannot even look is asked for a claim', async () => {
    const store = memoryStore();
    const look = vi.fn((): never => {
      throw new Error('not now');
    });
    const { once } = charging({ ...store, atOnce: { ...store.atOnce, look } });
    expect([await once('a'), await once('a')]).toEqual(['charged a', 'charged a']);
  });

  it('a key that came again is known by another operation as its own', async () => {
    const { wrap } = createIdempotency({ environment: 'test', store: memoryStore() });
    const one = wrap(async (id: string) => `one ${id}`, { operation: 'one', key: (id) => id });
    const other = wrap(async (id: string) => `other ${id}`, {
      operation: 'other',
      key: (id) => id,
    });
    for (let time = 0; time < 3; time++) {
      expect([await one('a'), await other('a')]).toEqual(['one a', 'other a']);
      expect(await one.withRun(1)('a')).toBe('one a');
    }
    const ids = await Promise.all([one.idOf('a'), other.idOf('a'), one.withRun(1).idOf('a')]);
    expect(new Set(ids).size).toBe(3);
  });
});
