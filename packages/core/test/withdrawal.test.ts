import type { Claim, Store } from '@twiceproof/core';
import { describe, expect, it, vi } from 'vitest';
import { deployed, gate, settled } from './deployed.ts';

const options = { operation: 'work', key: (id: string) => id };

interface LateStore {
  readonly store: Store;
  /** Lets the claims land that were given up. */
  readonly land: () => Promise<unknown>;
}

/** A store whose claims are refused or never answered, and land when the test says so. */
function landingLate(truth: Store, caller: 'refused' | 'unanswered'): LateStore {
  const claims: Claim[] = [];
  const landing = gate();
  const acquire: Store['acquire'] = async (claim) => {
    claims.push(claim);
    if (caller === 'refused') throw new Error('ECONNRESET');
    await landing.promise;
    return truth.acquire(claim);
  };
  return {
    store: { ...truth, acquire },
    land: () => {
      landing.resolve();
      return caller === 'refused'
        ? Promise.all(claims.map((claim) => truth.acquire(claim)))
        : settled();
    },
  };
}

describe('a claim that lands after its caller was refused', () => {
  for (const caller of ['refused', 'unanswered'] as const) {
    for (const abandoned of ['reexecute', 'hold'] as const) {
      it(`blocks nobody: ${caller}, abandoned: '${abandoned}'`, async () => {
        const { store: truth, clock, elsewhere } = deployed({ abandoned });
        const late = landingLate(truth, caller);
        const { idempotency } = deployed({
          store: late.store,
          abandoned,
          lease: '30s',
          storeTimeout: '1s',
          runtime: { clock },
        });
        const never = vi.fn(async (_id: string) => 'never');
        const refused = idempotency.wrap(never, options).settled('a');
        await clock.advance(1_000);
        expect(await refused).toMatchObject({ outcome: 'store_error', started: false });
        await clock.advance(caller === 'refused' ? 5_000 : 120_000);
        await late.land();
        const other = elsewhere({ store: truth }).wrap(async (_id: string) => 'done', options);
        const id = await other.idOf('a');
        await clock.advance(7_000);
        expect(await truth.get(id)).toMatchObject({
          status: 'failed',
          lastError: { name: 'Withdrawn' },
        });
        expect(await other('a')).toBe('done');
        expect(never).not.toHaveBeenCalled();
        await clock.advance(60_000);
        expect(clock.pending()).toBe(0);
      });
    }
  }

  it('is looked for only as long as its lease would have lasted', async () => {
    const { store: truth, clock } = deployed();
    const release = vi.fn(truth.release);
    const { idempotency } = deployed({
      store: { ...landingLate(truth, 'refused').store, release },
      lease: '30s',
      storeTimeout: '1s',
      runtime: { clock },
    });
    const refused = idempotency.wrap(async (_id: string) => 'never', options).settled('a');
    await clock.advance(40_000);
    await refused;
    expect(release.mock.calls.length).toBeGreaterThan(5);
    expect(release.mock.calls.length).toBeLessThan(15);
    expect(clock.pending()).toBe(0);
  });

  it('is taken back also when another of its tries was answered, and the work has failed', async () => {
    const { store: truth, clock } = deployed();
    const claims: Claim[] = [];
    const acquire: Store['acquire'] = async (claim, request) => {
      claims.push(claim);
      if (claims.length === 1) throw new Error('ECONNRESET');
      return truth.acquire(claim, request);
    };
    const { idempotency } = deployed({
      store: { ...truth, acquire },
      lease: '30s',
      runtime: { clock },
    });
    const once = idempotency.wrap((_id: string) => Promise.reject(new Error('mine')), options);
    const failed = once('a').catch((error: Error) => error.message);
    await clock.advance(2_000);
    expect(await failed).toBe('mine');
    await truth.acquire(claims[0]!);
    const id = await once.idOf('a');
    expect(await truth.get(id)).toMatchObject({ status: 'in_progress' });
    await clock.advance(7_000);
    expect(await truth.get(id)).toMatchObject({ status: 'failed' });
  });

  it('never frees the record of a call that goes on: waiting, or settling in the background', async () => {
    const { store: truth, clock, elsewhere } = deployed({ lease: '3s' });
    let tries = 0;
    const acquire: Store['acquire'] = async (...request) => {
      if (++tries % 2 === 1) throw new Error('ECONNRESET');
      return truth.acquire(...request);
    };
    const complete: Store['complete'] = async (...request) => {
      if (clock.now() < 60_000) throw new Error('ECONNRESET');
      return truth.complete(...request);
    };
    const { idempotency } = deployed({
      store: { ...truth, acquire, complete },
      lease: '3s',
      storeTimeout: '1s',
      inProgress: 'wait',
      runtime: { clock },
    });
    const theirs = gate<string>();
    const first = elsewhere({ store: truth }).wrap((_id: string) => theirs.promise, options)('a');
    await settled();
    const mine = idempotency.wrap(async (_id: string) => 'mine', options).settled('a');
    await clock.advance(10_000);
    theirs.reject(new Error('failed'));
    await expect(first).rejects.toThrow('failed');
    await clock.advance(10_000);
    expect(await mine).toMatchObject({ outcome: 'store_error', started: true });
    await clock.advance(50_000);
    const other = elsewhere({ store: truth }).wrap(async (_id: string) => 'again', options);
    expect(await other.execute('a')).toMatchObject({ value: 'mine', outcome: 'replayed' });
  });

  it('touches nothing that somebody else has claimed', async () => {
    const { store: truth, clock, elsewhere } = deployed();
    const { idempotency } = deployed({
      store: landingLate(truth, 'refused').store,
      storeTimeout: '1s',
      runtime: { clock },
    });
    const work = gate<string>();
    const refused = idempotency.wrap(async (_id: string) => 'never', options).settled('a');
    await clock.advance(1_000);
    await refused;
    const theirs = elsewhere({ store: truth }).wrap((_id: string) => work.promise, options)('a');
    await clock.advance(60_000);
    work.resolve('theirs');
    expect(await theirs).toBe('theirs');
  });

  it('leaves what waits for a verdict waiting when it was an operator who gave up', async () => {
    const { store: truth, clock, elsewhere } = deployed({ abandoned: 'hold', lease: '3s' });
    const crashed = elsewhere({ heartbeat: false, store: truth });
    const once = crashed.wrap((_id: string) => new Promise<string>(() => {}), options);
    void once('a');
    await clock.advance(3_001);
    const late = landingLate(truth, 'refused');
    const operator = elsewhere({ store: late.store, storeTimeout: '1s' });
    const id = await once.idOf('a');
    const refused = operator.records.complete(id, 'found').catch((error) => error);
    await clock.advance(1_000);
    expect(await refused).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await late.land();
    await clock.advance(60_000);
    await expect(once('a')).rejects.toMatchObject({ code: 'HELD' });
  });
});
