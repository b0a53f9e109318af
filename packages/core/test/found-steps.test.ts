import { type Adopted, outcomeUnknown, type Step } from '@twiceproof/core';
import { expect, it, vi } from 'vitest';
import { deployed, settled } from './deployed.ts';

const day = 86_400_000;
const order = { id: 'o1' };
const byId = { operation: 'fulfil', key: ({ id }: { id: string }) => id };

it('a workflow that was adopted keeps its steps no longer than its record', async () => {
  const { idempotency, clock } = deployed();
  let found: Adopted;
  const fulfil = idempotency.workflow(
    async (_order: { id: string }, step: Step) => {
      await step('charge', () => 'charged');
      throw new Error('no carrier');
    },
    { ...byId, adopt: async () => found },
  );
  await expect(fulfil(order)).rejects.toThrow('no carrier');
  found = { completed: 'by another library', settledBy: { by: 'it' } };
  expect(await fulfil(order)).toBe('by another library');
  await settled();
  await clock.advance(day);
  expect((await idempotency.records.list()).records).toEqual([]);
});

it('a workflow is completed by a probe also where its steps cannot be listed', async () => {
  const { store } = deployed();
  const list = vi.fn(() => Promise.reject(new Error('not allowed')));
  const { idempotency } = deployed({ store: { ...store, list } });
  const fulfil = idempotency.workflow(
    async (_order: { id: string }, step: Step) => {
      await step('charge', () => 'charged');
      throw outcomeUnknown();
    },
    { ...byId, abandoned: () => ({ completed: 'found' }) },
  );
  await expect(fulfil(order)).rejects.toThrow('nobody knows');
  expect(await fulfil(order)).toBe('found');
  expect(await idempotency.close()).toEqual({ left: [] });
  expect(list).toHaveBeenCalledOnce();
});

it('nothing is looked for where a function or a single step is completed by a probe', async () => {
  const { store } = deployed();
  const list = vi.fn(store.list);
  const { idempotency } = deployed({ store: { ...store, list } });
  const abandoned = () => ({ completed: 'found' });
  const lose = (): never => {
    throw outcomeUnknown();
  };
  const fulfil = idempotency.workflow(
    (_order: { id: string }, step: Step) => step('charge', lose, { abandoned }),
    byId,
  );
  await expect(fulfil(order)).rejects.toThrow('nobody knows');
  expect(await fulfil(order)).toBe('found');
  const once = idempotency.wrap(lose, { operation: 'work', key: () => 'a', abandoned });
  await expect(once()).rejects.toThrow('nobody knows');
  expect(await once()).toBe('found');
  expect(list).not.toHaveBeenCalled();
});
