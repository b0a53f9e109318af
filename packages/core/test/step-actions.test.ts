import type { Idempotency, Step, Store } from '@twiceproof/core';
import { describe, expect, it, vi } from 'vitest';
import { deployed, gate, settled } from './deployed.ts';

const order = { id: 'o1' };

/** A workflow of two steps, the second of which fails for as long as it is told to. */
function failingWorkflow(fails: 'known' | 'unknown' = 'known') {
  const acted: [action: string, id: string, by: string | undefined][] = [];
  const { idempotency, clock } = deployed({
    instrumentation: {
      execute: (_info, next) => next(),
      operatorAction: ({ action, id, done, by }) => {
        if (done) acted.push([action, id.split('/')[1]!, by]);
      },
    },
  });
  const state = { fails: true };
  const charge = vi.fn(async () => 'charged');
  const ship = vi.fn(async () => {
    if (state.fails) throw new Error('no carrier');
    return 'shipped';
  });
  const fulfil = idempotency.workflow(
    async (_order: { id: string }, step: Step) => {
      await step('charge', charge);
      const held = { failure: 'unknown', abandoned: 'hold' } as const;
      return step('ship', ship, fails === 'unknown' ? held : {});
    },
    { operation: 'fulfil', key: ({ id }) => id },
  );
  return { idempotency, clock, fulfil, charge, ship, state, acted };
}

describe('actions on the record of a workflow', () => {
  it.each(['release', 'delete'] as const)(
    '%s with its steps executes them again',
    async (action) => {
      const { idempotency, fulfil, charge, ship, state, acted } = failingWorkflow();
      await expect(fulfil(order)).rejects.toThrow('no carrier');
      state.fails = false;
      const id = await fulfil.idOf(order);
      expect(await idempotency.records[action](id, { by: 'ada' })).toBe(true);
      expect(await fulfil(order)).toBe('shipped');
      expect([charge, ship].map(({ mock }) => mock.calls.length)).toEqual([1, 2]);
      acted.length = 0;
      expect(await idempotency.records[action](id, { by: 'ada', steps: true })).toBe(true);
      const expected = ['fulfil', 'fulfil.charge', 'fulfil.ship'].map((name) => [
        action,
        name,
        'ada',
      ]);
      expect(acted.toSorted()).toEqual(expected);
      expect(await fulfil(order)).toBe('shipped');
      expect([charge, ship].map(({ mock }) => mock.calls.length)).toEqual([2, 3]);
    },
  );

  it.each(['release', 'delete'] as const)(
    '%s takes a step along whose expiry moves meanwhile, as at the end of its workflow',
    async (action) => {
      const { idempotency, store } = deployed();
      const charge = vi.fn(async () => 'charged');
      const workflow = (on: Idempotency) =>
        on.workflow((_order: { id: string }, step: Step) => step('charge', charge), {
          operation: 'fulfil',
          key: ({ id }) => id,
        });
      const fulfil = workflow(idempotency);
      await fulfil(order);
      await settled();
      let moved = 0;
      const list: Store['list'] = async (query, options) => {
        const page = await store.list(query, options);
        if (query.workflow === undefined) return page;
        for (const { id } of page.records) {
          moved += 1;
          await store.extend!(id, 3_600_000 + moved);
        }
        return page;
      };
      const operators = idempotency.extend({ store: { ...store, list } });
      const id = await fulfil.idOf(order);
      expect(await operators.records[action](id, { steps: true })).toBe(true);
      expect(moved).toBe(1);
      await fulfil(order);
      expect(charge).toHaveBeenCalledTimes(2);
    },
  );

  it.each(['release', 'delete'] as const)(
    '%s reaches the steps that a workflow has left',
    async (action) => {
      const { idempotency, clock, fulfil, charge } = failingWorkflow();
      await expect(fulfil(order)).rejects.toThrow('no carrier');
      await clock.advance(2 * 86_400_000);
      const id = await fulfil.idOf(order);
      expect(await idempotency.records.get(id)).toBeUndefined();
      expect(await idempotency.records[action](id)).toBe(false);
      expect(await idempotency.records[action](id, { steps: true, version: '1.failed.1' })).toBe(
        false,
      );
      expect(await idempotency.records[action](id, { steps: true })).toBe(true);
      await expect(fulfil(order)).rejects.toThrow('no carrier');
      expect(charge).toHaveBeenCalledTimes(2);
    },
  );

  it('complete with its steps leaves none of them to be executed or to wait', async () => {
    const { idempotency, fulfil, ship, charge } = failingWorkflow('unknown');
    await expect(fulfil(order)).rejects.toThrow('no carrier');
    await expect(fulfil(order)).rejects.toMatchObject({ code: 'HELD' });
    const id = await fulfil.idOf(order);
    const action = { steps: true, retention: '7d', by: 'ada', reason: 'shipped by hand' } as const;
    expect(await idempotency.records.complete(id, 'shipped', action)).toBe(true);
    expect(await fulfil(order)).toBe('shipped');
    const { records } = await idempotency.records.list({ workflow: id });
    const workflow = await idempotency.records.get(id);
    for (const step of records) {
      expect(step.status).toBe('completed');
      expect(Math.abs(step.expiresAt! - workflow!.expiresAt!)).toBeLessThan(1_000);
    }
    const left = records.find(({ operation }) => operation === 'fulfil.ship')!;
    expect(left.settledBy).toEqual({ by: 'ada', reason: 'shipped by hand' });
    await idempotency.records.release(id);
    await expect(fulfil(order)).rejects.toMatchObject({ code: 'RESULT_OMITTED' });
    expect([charge, ship].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
  });

  it('refuses while the workflow, or one of its steps, is executed', async () => {
    const { idempotency, clock } = deployed({ lease: '2s' });
    const label = gate<string>();
    const ship = vi.fn(() => label.promise);
    const fulfil = idempotency.workflow(
      (_order: { id: string }, step: Step) => step('ship', ship, { lease: '60s' }),
      { operation: 'fulfil', key: ({ id }) => id, heartbeat: false },
    );
    const late = fulfil(order).catch(({ code }) => code);
    await settled();
    const id = await fulfil.idOf(order);
    const busy = { code: 'IN_PROGRESS' };
    await expect(idempotency.records.release(id, { steps: true })).rejects.toMatchObject(busy);
    await clock.advance(2_001);
    const { records } = await idempotency.records.list({ workflow: id });
    await expect(idempotency.records.release(id, { steps: true })).rejects.toMatchObject({
      ...busy,
      recordId: records[0]!.id,
    });
    // The workflow itself is free: called again, it waits for the step.
    expect(await idempotency.records.get(id)).toMatchObject({ status: 'failed' });
    label.resolve('label');
    await late;
    expect(await fulfil(order)).toBe('label');
    expect(ship).toHaveBeenCalledTimes(1);
  });

  it('renews its claim while there are many steps, so that no call comes between', async () => {
    const { store, clock } = deployed();
    let pages = 0;
    const { idempotency } = deployed({
      runtime: { clock },
      store: {
        ...store,
        async list(query, options) {
          await clock.advance(4_000);
          pages += 1;
          const { cursor: _, ...anew } = query;
          return pages < 6 ? { records: [], cursor: String(pages) } : store.list(anew, options);
        },
      },
    });
    const charge = vi.fn(async () => 'charged');
    const fulfil = idempotency.workflow(
      (_order: { id: string }, step: Step) => step('charge', charge),
      { operation: 'fulfil', key: ({ id }) => id },
    );
    await fulfil(order);
    expect(await idempotency.records.release(await fulfil.idOf(order), { steps: true })).toBe(true);
    await fulfil(order);
    expect(charge).toHaveBeenCalledTimes(2);
  });

  it('refuses steps where it makes no sense', async () => {
    const { idempotency } = deployed();
    const { records } = idempotency;
    const wrong = { steps: 'yes' as never };
    await expect(records.release('test/a/0/b', wrong)).rejects.toThrow('steps');
    await expect(records.extend('test/a/0/b', '1h', { steps: true } as never)).rejects.toThrow(
      "records.extend has no option 'steps'",
    );
  });
});
