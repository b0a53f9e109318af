import { createIdempotency, type Duration, IdempotencyError, type Store } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { describe, expect, it, vi } from 'vitest';
import { deployed } from './deployed.ts';
import { interrupted } from './outage.ts';

const options = { operation: 'work', key: (id: string) => id };

function on(
  store: Store,
  storeOutage: 'reject' | 'execute' = 'reject',
  storeTimeout: Duration = '300ms',
) {
  return createIdempotency({ environment: 'test', store, storeOutage, storeTimeout });
}

/** As long as a busy machine takes until the store is asked again. */
const patiently = (store: Store) => on(store, 'reject', '20s');

/** Fails as often as asked; `landed` faults come after the store acted. */
function faulty(
  store: Store,
  operation: 'acquire' | 'complete' | 'release',
  faults: number,
  landed: boolean,
): Store {
  let left = faults;
  return {
    ...store,
    [operation]: async (...args: never[]) => {
      const act = store[operation] as (...args: never[]) => Promise<unknown>;
      if (left-- <= 0) return act(...args);
      if (landed) await act(...args);
      throw new Error('ECONNRESET');
    },
  };
}

describe('store outage', () => {
  it('executes nothing without an acknowledged claim', async () => {
    const work = vi.fn(async (_id: string) => 'ok');
    const down = faulty(memoryStore(), 'acquire', Number.POSITIVE_INFINITY, false);
    const refused = on(down).wrap(work, options)('a');
    await expect(refused).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      cause: expect.objectContaining({ message: 'ECONNRESET' }),
      recordId: expect.stringContaining('test/work/0/'),
    });
    expect(work).not.toHaveBeenCalled();
  });

  it("executes without idempotency if asked: storeOutage 'execute'", async () => {
    const work = vi.fn(async (_id: string) => 'ok');
    const down = faulty(memoryStore(), 'acquire', Number.POSITIVE_INFINITY, false);
    const answer = await on(down, 'execute').wrap(work, options).execute('a');
    expect(answer).toEqual({ value: 'ok', outcome: 'executed', record: undefined });
  });

  it("does not run a function again that failed, with storeOutage 'execute'", async () => {
    const work = vi.fn((_id: string) =>
      Promise.reject(new IdempotencyError('STORE_UNAVAILABLE', 'nested')),
    );
    await expect(on(memoryStore(), 'execute').wrap(work, options)('a')).rejects.toThrow('nested');
    expect(work).toHaveBeenCalledTimes(1);
  });

  it("executes nothing that is known to be done or under way, also with storeOutage 'execute'", async () => {
    const store = memoryStore();
    const work = vi.fn(async (_id: string) => 'x'.repeat(100));
    const down = (): Promise<never> => Promise.reject(new Error('bucket is down'));
    const offloaded = createIdempotency({
      environment: 'test',
      store,
      storeOutage: 'execute',
      maxResultBytes: 10,
      oversized: { put: async () => 'elsewhere', get: down, delete: down },
    });
    const once = offloaded.wrap(work, options);
    await once('done');
    await expect(once('done')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });

    let asked = 0;
    const dropping: Store = {
      ...store,
      acquire: (...request) =>
        ++asked === 1 ? store.acquire(...request) : Promise.reject(new Error('ECONNRESET')),
    };
    const elsewhere = on(store).wrap((_id: string) => new Promise<string>(() => {}), options);
    void elsewhere('under way');
    const waiting = createIdempotency({
      environment: 'test',
      store: dropping,
      storeOutage: 'execute',
      inProgress: 'wait',
      storeTimeout: '100ms',
    }).wrap(work, options);
    await expect(waiting('under way')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(work).toHaveBeenCalledTimes(1);
  });

  for (const landed of [false, true]) {
    const when = landed ? 'after it landed' : 'before it landed';
    it(`tries a claim again whose answer was lost ${when}, and takes it for its own`, async () => {
      const work = vi.fn(async (_id: string) => 'ok');
      const once = patiently(faulty(memoryStore(), 'acquire', 1, landed)).wrap(work, options);
      expect(await once.execute('a')).toMatchObject({
        outcome: 'executed',
        record: { attempt: 1 },
      });
      expect(work).toHaveBeenCalledTimes(1);
    });

    it(`tries a completion again whose answer was lost ${when}`, async () => {
      const once = patiently(faulty(memoryStore(), 'complete', 2, landed)).wrap(
        async (_id: string) => 'ok',
        options,
      );
      expect(await once('a')).toBe('ok');
      expect(await once.execute('a')).toMatchObject({ value: 'ok', outcome: 'replayed' });
    });
  }

  it('keeps the record owned when a completion cannot be confirmed, and says so', async () => {
    const store = memoryStore();
    const work = vi.fn(async (_id: string) => 'ok');
    const broken = on(faulty(store, 'complete', Number.POSITIVE_INFINITY, false)).wrap(
      work,
      options,
    );
    await expect(broken('a')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(on(store).wrap(work, options)('a')).rejects.toMatchObject({ code: 'IN_PROGRESS' });
    expect(work).toHaveBeenCalledTimes(1);
  });

  it("answers the value of an unconfirmed completion with storeOutage 'execute'", async () => {
    const broken = faulty(memoryStore(), 'complete', Number.POSITIVE_INFINITY, false);
    expect(await on(broken, 'execute').wrap(async (_id: string) => 'ok', options)('a')).toBe('ok');
  });

  for (const storeOutage of ['reject', 'execute'] as const) {
    it(`passes on what a store says of a completion that it refused, with storeOutage '${storeOutage}'`, async () => {
      const undone = new IdempotencyError('LEASE_LOST', 'the effect and the record are undone');
      const complete = vi.fn(() => Promise.reject(undone));
      const outcomes: unknown[] = [];
      const leaseLost = vi.fn();
      const refused = on({ ...memoryStore(), complete }, storeOutage)
        .extend({
          instrumentation: {
            execute: (call, next) => next().finally(() => outcomes.push(call.outcome)),
            leaseLost,
          },
        })
        .wrap(
          async (_id: string) => 'ok',
          options,
        )('a');
      await expect(refused).rejects.toBe(undone);
      expect(undone.recordId).toContain('test/work/0/');
      expect(complete).toHaveBeenCalledTimes(1);
      expect(outcomes).toEqual(['lease_lost']);
      expect(leaseLost).toHaveBeenCalledTimes(1);
    });
  }

  it('does not hang on a store that never answers', async () => {
    const silent: Store = { ...memoryStore(), acquire: () => new Promise(() => {}) };
    const alive = setInterval(() => {}, 1_000);
    const refused = on(silent).wrap(async (_id: string) => 'ok', options)('a');
    await expect(refused).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    clearInterval(alive);
  });

  it('tries a claim until storeTimeout, however long the store is away before that', async () => {
    const { store: truth, clock } = deployed();
    const { store, takeAway, bringBack } = interrupted(truth);
    const { idempotency } = deployed({ store, storeTimeout: '5s', runtime: { clock } });
    takeAway();
    const call = idempotency.wrap(async (_id: string) => 'ok', options)('a');
    await clock.advance(4_000);
    bringBack();
    await clock.advance(1_000);
    expect(await call).toBe('ok');
  });

  it('takes no longer than storeTimeout, retries included', async () => {
    const { store } = deployed();
    let tries = 0;
    const { idempotency, clock } = deployed({
      storeTimeout: '5s',
      store: {
        ...store,
        acquire: () =>
          new Promise((_resolve, reject) => {
            if (++tries === 1) clock.schedule(4_900, () => reject(new Error('ECONNRESET')));
          }),
      },
    });
    const refused = idempotency
      .wrap(
        async (_id: string) => 'ok',
        options,
      )('a')
      .catch((error: unknown) => ({ error, at: clock.now() }));
    await clock.advance(20_000);
    expect(await refused).toMatchObject({ error: { code: 'STORE_UNAVAILABLE' }, at: 5_000 });
    expect(tries).toBe(2);
  });

  it('aborts the signal of a request that it no longer waits for', async () => {
    let signal: AbortSignal | undefined;
    const silent: Store = {
      ...memoryStore(),
      acquire: (_claim, request) => {
        signal = request?.signal;
        return new Promise(() => {});
      },
    };
    await on(silent)
      .wrap(
        async (_id: string) => 'ok',
        options,
      )('a')
      .catch(() => {});
    expect(signal?.aborted).toBe(true);
  });

  it("passes a store's own coded error on, without trying again", async () => {
    const acquire = vi.fn(() =>
      Promise.reject(new IdempotencyError('STORE_UNAVAILABLE', 'run store.setup()')),
    );
    const refused = on({ ...memoryStore(), acquire }).wrap(async (_id: string) => 1, options)('a');
    await expect(refused).rejects.toMatchObject({
      message: 'STORE_UNAVAILABLE: run store.setup()',
      recordId: expect.any(String),
    });
    expect(acquire).toHaveBeenCalledTimes(1);
  });
});
