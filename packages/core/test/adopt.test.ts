import { type Adopted, type Adoption, IdempotencyError, type WrapOptions } from '@twiceproof/core';
import { describe, expect, it, vi } from 'vitest';
import { deployed, gate, settled } from './deployed.ts';
import { interrupted } from './outage.ts';

type Args = [id: string];
const settledBy = { by: 'elsewhere', reason: 'adopted e-1' };

function options(adopt: Adoption<Args>, more: Partial<WrapOptions<Args>> = {}): WrapOptions<Args> {
  return { operation: 'work', key: (id) => id, adopt, ...more };
}

const claimed = () => ({
  complete: vi.fn(async (_value: unknown) => {}),
  release: vi.fn(async () => {}),
  leave: vi.fn(() => {}),
});

describe('adopt', () => {
  it('answers from what another library completed, and makes it a record that says so', async () => {
    const { idempotency, elsewhere, store } = deployed();
    const adopt = vi.fn(async () => ({ completed: { ok: true }, settledBy }));
    const fn = vi.fn(async (_id: string) => ({ ok: false }));
    const once = idempotency.wrap(fn, options(adopt));
    const { value, outcome } = await once.execute('a');
    expect({ value, outcome }).toStrictEqual({ value: { ok: true }, outcome: 'replayed' });
    expect(await store.get(await once.idOf('a'))).toMatchObject({ status: 'completed', settledBy });
    expect(await elsewhere().wrap(fn, options(adopt))('a')).toStrictEqual({ ok: true });
    expect(adopt).toHaveBeenCalledTimes(1);
    expect(fn).not.toHaveBeenCalled();
  });

  it('asks with the arguments, on the this of the call, and in run 0 alone', async () => {
    const { idempotency } = deployed();
    const asked: unknown[] = [];
    async function adopt(this: unknown, { args, operation }: { args: Args; operation: string }) {
      asked.push([this, args, operation]);
      return undefined;
    }
    const owner = { work: idempotency.wrap(async (id: string) => id, options(adopt)) };
    expect(await owner.work('a')).toBe('a');
    expect(await owner.work.withRun(1)('a')).toBe('a');
    expect(asked).toStrictEqual([[owner, ['a'], 'work']]);
  });

  it('refuses what is under way elsewhere, and asks again at the next call', async () => {
    const { idempotency } = deployed();
    let found: Adopted = { inProgressMs: 400 };
    const once = idempotency.wrap(
      async (id: string) => id,
      options(async () => found),
    );
    expect(await once.settled('a')).toMatchObject({
      outcome: 'in_progress',
      started: false,
      error: { code: 'IN_PROGRESS', retryAfterMs: 400 },
    });
    found = undefined;
    expect(await once('a')).toBe('a');
  });

  it("waits for what is under way elsewhere with inProgress: 'wait', for no longer than told", async () => {
    const { idempotency, clock } = deployed();
    let found: Adopted = { inProgressMs: 400 };
    const adopt = async () => found;
    const once = idempotency.wrap(
      async (id: string) => id,
      options(adopt, { inProgress: { wait: '5s' } }),
    );
    const answered = once('a');
    await clock.advance(2_000);
    found = { completed: 'theirs', settledBy };
    await clock.advance(2_000);
    expect(await answered).toBe('theirs');
    found = { inProgressMs: 400 };
    const refused = once.settled('b');
    await clock.advance(6_000);
    expect(await refused).toMatchObject({ outcome: 'in_progress' });
  });

  it('refuses another payload', async () => {
    const { idempotency } = deployed();
    const once = idempotency.wrap(
      async (id: string) => id,
      options(async () => ({ mismatch: true })),
    );
    expect(await once.settled('a')).toMatchObject({
      outcome: 'mismatch',
      error: { code: 'FINGERPRINT_MISMATCH' },
    });
  });

  it('executes nothing when the other library cannot be asked, whatever storeOutage says', async () => {
    const { idempotency } = deployed({ storeOutage: 'execute' });
    const fn = vi.fn(async (id: string) => id);
    const fault = new IdempotencyError('STORE_UNAVAILABLE', 'away');
    const once = idempotency.wrap(
      fn,
      options(() => Promise.reject(fault)),
    );
    expect(await once.settled('a')).toMatchObject({ outcome: 'store_error', error: fault });
    expect(fn).not.toHaveBeenCalled();
  });

  it('records the result elsewhere before it records it here', async () => {
    const { idempotency, store } = deployed();
    const claim = claimed();
    let statusThen: string | undefined;
    const once = idempotency.wrap(
      async (id: string) => `did ${id}`,
      options(async () => ({ claim })),
    );
    claim.complete.mockImplementation(async () => {
      statusThen = (await store.get(await once.idOf('a')))?.status;
    });
    expect(await once('a')).toBe('did a');
    expect(claim.complete.mock.calls).toStrictEqual([['did a']]);
    expect(statusThen).toBe('in_progress');
    expect(await store.get(await once.idOf('a'))).toMatchObject({ status: 'completed' });
  });

  it('releases the other record with ours, and leaves it where nobody knows what happened', async () => {
    const { idempotency } = deployed();
    const claim = claimed();
    const failing = (more: Partial<WrapOptions<Args>>) =>
      idempotency.wrap(
        async (_id: string) => {
          throw new Error('no');
        },
        options(async () => ({ claim }), more),
      );
    await expect(failing({})('a')).rejects.toThrow('no');
    expect(claim.release).toHaveBeenCalledTimes(1);
    await expect(failing({ failure: 'unknown' })('b')).rejects.toThrow('no');
    expect(claim.leave).toHaveBeenCalledTimes(1);
    const unrecorded = idempotency.wrap(
      async (id: string) => id,
      options(async () => ({ claim }), { verdict: () => 'release' }),
    );
    expect(await unrecorded('c')).toBe('c');
    expect(claim.release).toHaveBeenCalledTimes(2);
    expect(claim.complete).not.toHaveBeenCalled();
  });

  it('tells a function that the other record was lost, and records nothing of it', async () => {
    const { idempotency, store } = deployed();
    const claim = claimed();
    const lost = new IdempotencyError('LEASE_LOST', 'taken over');
    claim.complete.mockRejectedValue(lost);
    let lose: () => void = () => {};
    const work = gate<string>();
    let signal: AbortSignal | undefined;
    const { currentExecution } = await import('@twiceproof/core');
    const once = idempotency.wrap(
      (_id: string) => {
        ({ signal } = currentExecution());
        return work.promise;
      },
      options(async ({ onLost }) => {
        lose = onLost;
        return { claim };
      }),
    );
    const answered = once.settled('a');
    await settled();
    expect(signal?.aborted).toBe(false);
    lose();
    expect(signal?.reason).toMatchObject({ code: 'LEASE_LOST' });
    work.resolve('mine');
    expect(await answered).toMatchObject({ outcome: 'lease_lost', error: lost });
    expect(await store.get(await once.idOf('a'))).toMatchObject({ status: 'failed' });
  });

  it('starts nothing on a lease that was over before it was answered', async () => {
    const { idempotency, clock } = deployed({ lease: '1s', heartbeat: false });
    const claim = claimed();
    const answer = gate<Adopted>();
    const fn = vi.fn(async (id: string) => id);
    const once = idempotency.wrap(
      fn,
      options(() => answer.promise),
    );
    const answered = once.settled('a');
    await clock.advance(1_500);
    answer.resolve({ claim });
    expect(await answered).toMatchObject({ outcome: 'lease_lost' });
    expect(claim.release).toHaveBeenCalledTimes(1);
    expect(fn).not.toHaveBeenCalled();
  });

  it('keeps the record while what was completed elsewhere cannot be recorded', async () => {
    const { store: truth, clock } = deployed();
    const { store, takeAway, bringBack } = interrupted(truth);
    const { idempotency, elsewhere } = deployed({ store, runtime: { clock }, lease: '30s' });
    let found: Adopted = { completed: 'old', settledBy };
    const fn = vi.fn((_id: string) => 'new');
    const adopting = options(async () => found);
    takeAway('complete');
    const refused = idempotency.wrap(fn, adopting).settled('a');
    await clock.advance(10_000);
    expect(await refused).toMatchObject({ outcome: 'store_error' });
    // What the other library keeps expires in its own time.
    found = undefined;
    await clock.advance(60_000);
    const late = elsewhere({ store: truth }).wrap(fn, adopting);
    expect(await late.settled('a')).toMatchObject({ outcome: 'in_progress' });
    bringBack();
    await clock.advance(10_000);
    expect(await late('a')).toBe('old');
    expect(fn).not.toHaveBeenCalled();
  });

  it('belongs to one operation: it is no default, and no step of a workflow has it', async () => {
    const { idempotency, elsewhere } = deployed();
    const adopt = vi.fn(async () => undefined);
    expect(() => elsewhere({ adopt } as never)).toThrow("no option 'adopt'");
    const flow = idempotency.workflow(async (_id: string, step) => step('one', () => 1), {
      operation: 'flow',
      key: (id) => id,
      adopt,
    });
    expect(await flow('a')).toBe(1);
    expect(adopt).toHaveBeenCalledTimes(1);
  });
});
