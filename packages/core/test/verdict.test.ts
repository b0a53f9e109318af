import { createIdempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { deployed } from './deployed.ts';

interface Response {
  readonly status: number;
}

const options = { operation: 'call', key: (id: string) => id };

/** A function that answers these statuses, one after the other. */
function answering(...statuses: number[]) {
  return vi.fn(async (_id: string): Promise<Response> => ({ status: statuses.shift() ?? 200 }));
}

const byStatus = ({ status }: Response) => (status >= 500 ? 'release' : 'record');

describe('verdict', () => {
  it("'release' gives the result to the caller, and the next call executes again", async () => {
    const { idempotency } = deployed();
    const call = answering(503, 200);
    const once = idempotency.wrap(call, { ...options, verdict: byStatus });
    expect(await once.settled('a')).toMatchObject({
      outcome: 'failed',
      value: { status: 503 },
      started: true,
      recorded: false,
      record: { status: 'failed', lastError: { message: expect.stringContaining('verdict') } },
    });
    expect(await once.execute('a')).toMatchObject({
      value: { status: 200 },
      outcome: 'executed',
      record: { status: 'completed', attempt: 2 },
    });
    expect(await once('a')).toEqual({ status: 200 });
    expect(call).toHaveBeenCalledTimes(2);
  });

  it("'unknown' gives the result to the caller, and leaves the next call to abandoned", async () => {
    const { idempotency } = deployed({ abandoned: 'hold' });
    const call = answering(504);
    const once = idempotency.wrap(call, { ...options, verdict: () => 'unknown' });
    expect(await once.settled('a')).toMatchObject({
      outcome: 'unknown',
      value: { status: 504 },
      record: { status: 'in_progress' },
    });
    await expect(once('a')).rejects.toMatchObject({ code: 'HELD' });
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('gives each of those who wait for a released result an execution of its own', async () => {
    const { idempotency } = deployed({ inProgress: 'wait' });
    const call = answering(503, 503, 200);
    const once = idempotency.wrap(call, { ...options, verdict: byStatus });
    const answers = await Promise.all(['a', 'a', 'a', 'a'].map((id) => once(id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 503, 503]);
    expect(call).toHaveBeenCalledTimes(3);
  });

  it('records the result where it throws or answers something else, and says so', async () => {
    const { idempotency } = deployed();
    const mine = new RangeError('mine');
    for (const [id, verdict, told] of [
      ['throws', () => Promise.reject(mine), { code: 'OPTIONS_INVALID' }],
      ['nonsense', () => 'maybe', { code: 'OPTIONS_INVALID' }],
      [
        'error',
        () => {
          throw mine;
        },
        mine,
      ],
    ] as const) {
      const call = answering(200);
      const once = idempotency.wrap(call, { ...options, verdict: verdict as never });
      expect(await once.settled(id)).toMatchObject({
        outcome: 'executed',
        error: told,
        record: { status: 'completed' },
      });
      expect(await once(id)).toEqual({ status: 200 });
      expect(call).toHaveBeenCalledTimes(1);
    }
  });

  it('refuses what cannot judge', () => {
    const store = memoryStore();
    const create = (verdict: unknown) => () =>
      createIdempotency({ environment: 'test', store, verdict: verdict as never });
    expect(create('release')).toThrow('verdict');
    expect(create(async () => 'record')).toThrow('verdict is an async function');
  });

  it('judges the result of a workflow, not those of its steps', async () => {
    const { idempotency } = deployed();
    const ship = vi.fn(() => 'shipped');
    const verdict = vi.fn((_result: { done: boolean }) => 'release' as const);
    const fulfil = idempotency.workflow(
      async (_order: string, step) => {
        await step('ship', ship);
        return { done: true };
      },
      { operation: 'fulfil', key: (order) => order, verdict },
    );
    await fulfil('o-1');
    await fulfil('o-1');
    expect(ship).toHaveBeenCalledTimes(1);
    expect(verdict.mock.calls).toEqual([[{ done: true }], [{ done: true }]]);
  });

  it('knows the type of the result', () => {
    const { idempotency } = deployed();
    idempotency.wrap(async (_id: string) => ({ status: 1 }), {
      ...options,
      verdict: (result) => {
        expectTypeOf(result).toEqualTypeOf<{ status: number }>();
        return 'record';
      },
    });
    void idempotency.execute(
      {
        operation: 'typed',
        key: 'a',
        verdict: (result) => {
          expectTypeOf(result).toEqualTypeOf<{ ok: boolean }>();
          return result.ok ? 'record' : 'release';
        },
      },
      async () => ({ ok: true }),
    );
  });
});
