import { createIdempotency, type Invalidation, type Store, tiered } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { virtualClock } from '@twiceproof/testing/clock';
import { describe, expect, it, vi } from 'vitest';
import { settled } from './deployed.ts';

const options = { operation: 'work', key: (id: string) => id };

/** Two processes, each with its own fast tier, on one authority. */
function twoProcesses(own: { invalidation?: () => Invalidation; retention?: '7d' | '1m' } = {}) {
  const clock = virtualClock();
  const memory = memoryStore({ clock });
  const acquire = vi.fn(memory.acquire);
  const authority: Store = { ...memory, acquire };
  const process = () => {
    const tier = memoryStore({ clock });
    const invalidation = own.invalidation?.();
    const stack = [{ store: tier, maxAge: '10s' as const }, authority];
    const store = tiered(stack, { now: clock.epoch, ...(invalidation && { invalidation }) });
    const retention = own.retention ?? '7d';
    const idempotency = createIdempotency({
      environment: 'test',
      store,
      retention,
      runtime: { clock },
    });
    return { idempotency, tier, store };
  };
  return { clock, authority, acquire, here: process(), there: process() };
}

/** What a message bus between processes does. */
function bus(): () => Invalidation {
  const listeners = new Set<(id: string) => void>();
  return () => {
    let own: ((id: string) => void) | undefined;
    return {
      async publish(id) {
        for (const listener of listeners) if (listener !== own) listener(id);
      },
      subscribe(forget) {
        own = forget;
        listeners.add(forget);
        return () => listeners.delete(forget);
      },
    };
  };
}

describe('tiered', () => {
  it('answers replays from the fast tier without asking the authority', async () => {
    const { here, acquire } = twoProcesses();
    const once = here.idempotency.wrap(async (id: string) => ({ id }), options);
    await once('a');
    await settled();
    expect(acquire).toHaveBeenCalledTimes(1);
    expect(await once.execute('a')).toMatchObject({
      value: { id: 'a' },
      outcome: 'replayed',
      record: { attempt: 1 },
    });
    expect(acquire).toHaveBeenCalledTimes(1);
  });

  it('fills the fast tier of another process at its first replay', async () => {
    const { here, there, acquire } = twoProcesses();
    await here.idempotency.wrap(async (id: string) => id, options)('a');
    acquire.mockClear();
    const once = there.idempotency.wrap(async (_id: string) => 'never', options);
    expect(await once('a')).toBe('a');
    await settled();
    expect(await once('a')).toBe('a');
    expect(acquire).toHaveBeenCalledTimes(1);
  });

  it('asks the authority again after maxAge, and never answers past the retention', async () => {
    const { here, clock, acquire } = twoProcesses({ retention: '1m' });
    const work = vi.fn(async (_id: string) => 'ok');
    const once = here.idempotency.wrap(work, options);
    await once('a');
    await clock.advance(9_999);
    await once('a');
    expect(acquire).toHaveBeenCalledTimes(1);
    await clock.advance(1);
    await once('a');
    expect(acquire).toHaveBeenCalledTimes(2);
    await clock.advance(49_999);
    await once('a');
    expect(work).toHaveBeenCalledTimes(1);
    await clock.advance(1);
    await once('a');
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('shows an operator change at once here, and within maxAge elsewhere', async () => {
    const { here, there, clock } = twoProcesses();
    const work = vi.fn(async (_id: string) => 'ok');
    const once = here.idempotency.wrap(work, options);
    const elsewhere = there.idempotency.wrap(work, options);
    await once('a');
    await elsewhere('a');
    await settled();
    await here.idempotency.records.delete(await once.idOf('a'));
    await elsewhere('a');
    expect(work).toHaveBeenCalledTimes(1);
    await clock.advance(10_000);
    await elsewhere('a');
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('shows it at once everywhere with invalidation', async () => {
    const { here, there } = twoProcesses({ invalidation: bus() });
    const work = vi.fn(async (_id: string) => 'ok');
    const once = here.idempotency.wrap(work, options);
    const elsewhere = there.idempotency.wrap(work, options);
    await once('a');
    await elsewhere('a');
    await settled();
    await here.idempotency.records.delete(await once.idOf('a'));
    await settled();
    await elsewhere('a');
    expect(work).toHaveBeenCalledTimes(2);
    await settled();
    await there.idempotency.records.release(await once.idOf('a'));
    await settled();
    await once('a');
    expect(work).toHaveBeenCalledTimes(3);
  });

  it('takes a fault of the fast tier for a miss, and one of the authority for an outage', async () => {
    const clock = virtualClock();
    const down = () => Promise.reject(new Error('down'));
    const broken: Store = { ...memoryStore({ clock }), get: down, fill: down, delete: down };
    const authority = memoryStore({ clock });
    const once = createIdempotency({
      environment: 'test',
      store: tiered([broken, authority]),
    }).wrap(async (_id: string) => 'ok', options);
    expect(await once('a')).toBe('ok');
    expect((await once.execute('a')).outcome).toBe('replayed');
    const outage = createIdempotency({
      environment: 'test',
      store: tiered([memoryStore(), { ...authority, acquire: down }]),
    }).wrap(async (_id: string) => 'ok', options);
    await expect(outage('b')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it('does not let a tier that never answers hold up a call', async () => {
    const silent: Store = { ...memoryStore(), get: () => new Promise(() => {}) };
    const get = vi.fn(silent.get);
    const store = tiered([{ store: { ...silent, get }, timeout: '20ms' }, memoryStore()]);
    const once = createIdempotency({ environment: 'test', store }).wrap(
      async (_id: string) => 'ok',
      options,
    );
    const alive = setInterval(() => {}, 1_000);
    expect(await once('a')).toBe('ok');
    expect(await once('b')).toBe('ok');
    clearInterval(alive);
    expect(get).toHaveBeenCalledTimes(1);
  });

  it('never serves a copy that was read before the record changed', async () => {
    const { here, authority, acquire } = twoProcesses();
    const once = here.idempotency.wrap(async (_id: string) => 'ok', options);
    const id = await once.idOf('a');
    await once('a');
    await here.tier.delete(id);
    acquire.mockImplementationOnce(async (claim, request) => {
      const answer = await memoryAnswer(authority, claim.id, request);
      await here.store.delete(id);
      return answer;
    });
    expect(await once('a')).toBe('ok');
    await settled();
    expect(await here.tier.get(id)).toBeUndefined();
  });

  it('forgets a record for good, also when copies of it are still on their way into a tier', async () => {
    const clock = virtualClock();
    const tier = memoryStore({ clock });
    const late: (() => void)[] = [];
    const fill = vi.fn(async (...request: Parameters<typeof tier.fill>) => {
      if (late.length === 0) await new Promise<void>((resolve) => late.push(resolve));
      await tier.fill(...request);
    });
    for (const timeout of ['60s', '20ms'] as const) {
      late.length = 0;
      const stack = [{ store: { ...tier, fill }, timeout }, memoryStore({ clock })];
      const { records, wrap } = createIdempotency({
        environment: 'test',
        store: tiered(stack, { now: clock.epoch }),
        runtime: { clock },
      });
      const once = wrap(async (_id: string) => 'ok', options);
      const id = await once.idOf(timeout);
      await once(timeout);
      await once(timeout);
      await settled();
      const deleted = records.delete(id);
      if (timeout === '20ms') await deleted;
      late[0]!();
      expect(await deleted).toBe(true);
      await settled();
      expect(await tier.get(id)).toBeUndefined();
    }
  });

  it('counts maxAge from when the authority was asked, however late its answer is heard', async () => {
    const { here, there, acquire, clock } = twoProcesses();
    await here.idempotency.wrap(async (id: string) => id, options)('a');
    const once = there.idempotency.wrap(async (_id: string) => 'again', options);
    const ask = acquire.getMockImplementation()!;
    acquire.mockImplementationOnce(async (...request) => {
      const answer = await ask(...request);
      await clock.advance(4_000);
      return answer;
    });
    expect(await once('a')).toBe('a');
    await settled();
    await here.idempotency.records.delete(await once.idOf('a'));
    await clock.advance(5_999);
    expect(await once('a')).toBe('a');
    await clock.advance(1);
    expect(await once('a')).toBe('again');
  });

  it('puts a record into a tier once, however many calls ask for it at a time', async () => {
    const { here, there } = twoProcesses();
    await here.idempotency.wrap(async (id: string) => id, options)('a');
    const fill = vi.spyOn(there.tier, 'fill');
    const once = there.idempotency.wrap(async (_id: string) => 'never', options);
    await Promise.all(Array.from({ length: 100 }, () => once('a')));
    expect(fill.mock.calls.length).toBeLessThanOrEqual(1);
  });

  it('takes a tier that throws at once for a miss, too', async () => {
    const clock = virtualClock();
    const thrown = (): never => {
      throw new Error('not connected');
    };
    const broken = { ...memoryStore({ clock }), get: thrown, fill: thrown, delete: thrown };
    const { wrap, records } = createIdempotency({
      environment: 'test',
      store: tiered([broken, memoryStore({ clock })]),
      runtime: { clock },
    });
    const once = wrap(async (_id: string) => 'ok', options);
    expect(await once('a')).toBe('ok');
    expect((await once.execute('a')).outcome).toBe('replayed');
    expect(await records.delete(await once.idOf('a'))).toBe(true);
  });

  it('does not leave a tier alone because of a record that is too large for it', async () => {
    const small = memoryStore({ maxRecordBytes: 2_000 });
    const fill = vi.fn(async (...request: Parameters<typeof small.fill>) => {
      if (request[0].outcome!.byteLength > 2_000) throw new Error('too large');
      await small.fill(...request);
    });
    const get = vi.fn(small.get);
    const { wrap } = createIdempotency({
      environment: 'test',
      store: tiered([{ ...small, fill, get }, memoryStore()]),
    });
    const once = wrap(async (size: number) => 'x'.repeat(size), { operation: 'sized' });
    await once(5_000);
    await settled();
    await once(10);
    expect(get).toHaveBeenCalledTimes(2);
    expect(await once(5_000)).toHaveLength(5_000);
  });

  it('does not wait for an invalidation that cannot be published', async () => {
    for (const publish of [
      () => Promise.reject(new Error('down')),
      () => new Promise<void>(() => {}),
      (): never => {
        throw new Error('not connected');
      },
    ]) {
      const { wrap, records } = createIdempotency({
        environment: 'test',
        store: tiered([memoryStore(), memoryStore()], {
          invalidation: { publish, subscribe: () => () => {} },
        }),
      });
      const once = wrap(async (_id: string) => 'ok', options);
      await once('a');
      const alive = setInterval(() => {}, 1_000);
      expect(await records.delete(await once.idOf('a'))).toBe(true);
      clearInterval(alive);
    }
  });

  it('counts where its authority counts, and closes every store even if one fails', async () => {
    const { fill: _fill, ...authority } = memoryStore();
    const stats = vi.fn(authority.stats);
    const closed: string[] = [];
    const tier = { ...memoryStore(), close: async () => void closed.push('tier') };
    const failing = () => Promise.reject(new Error('cannot close'));
    const store = tiered([tier, { ...authority, stats, close: failing }]);
    expect(await createIdempotency({ environment: 'test', store }).records.stats()).toEqual([]);
    expect(stats).toHaveBeenCalledTimes(1);
    await expect(store.close!()).rejects.toThrow('cannot close');
    expect(closed).toEqual(['tier']);
    const { stats: _stats, ...uncounted } = authority;
    expect(tiered([memoryStore(), uncounted]).stats).toBeUndefined();
  });

  it.each([null, undefined, 'x', 5, {}, { store: 'x' }, { store: undefined, maxAge: '1s' }])(
    'refuses %o in a stack, saying which one is no store',
    (tier) => {
      const message = /^OPTIONS_INVALID: tiered: tier 1 is .* no store; give a store/;
      expect(() => tiered([memoryStore(), tier as never])).toThrow(message);
      expect(() => tiered([memoryStore(), tier as never, memoryStore()])).toThrow(message);
    },
  );

  it('refuses a stack that cannot work', () => {
    const { fill: _fill, ...unfillable } = memoryStore();
    expect(() => tiered([])).toThrow('OPTIONS_INVALID');
    expect(() => tiered([unfillable, memoryStore()])).toThrow('cannot be filled');
    expect(() => tiered([memoryStore(), { store: memoryStore(), maxAge: '1s' }])).toThrow(
      'authority',
    );
    expect(() => tiered([{ store: memoryStore(), maxage: '1s' } as never, memoryStore()])).toThrow(
      "did you mean 'maxAge'?",
    );
  });
});

async function memoryAnswer(authority: Store, id: string, request: Parameters<Store['get']>[1]) {
  const record = await authority.get(id, request);
  return { status: 'existing' as const, record: record!, leaseRemainingMs: 0 };
}
