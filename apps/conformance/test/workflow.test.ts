import { randomUUID } from 'node:crypto';
import { createIdempotency, outcomeUnknown, type Step, type Store } from '@twiceproof/core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Backend, backendNames, startBackend } from './backends.ts';

const dayMs = 86_400_000;
/** Nobody waits for what follows a completion. */
const patient = { timeout: 30_000 };

describe.each(backendNames)('%s', (name) => {
  let backend: Backend;
  let store: Store;
  beforeAll(async () => {
    backend = await startBackend[name]();
    store = await backend.open();
  });
  afterAll(() => backend?.stop());

  /** Two steps at once and one after them; the first of them fails for as long as it is told to. */
  function orders() {
    const idempotency = createIdempotency({ environment: `workflow-${randomUUID()}`, store });
    const state = { fails: true };
    const run = vi.fn(async (step: string) => step);
    // What has not started when the workflow fails is not started any more.
    const shipped = Promise.withResolvers<void>();
    const fulfil = idempotency.workflow(
      async ({ id }: { id: string; total?: number }, step: Step) => {
        await Promise.all([
          step('charge', async () => {
            if (!state.fails) return run(`charge ${id}`);
            await shipped.promise;
            throw new Error('card refused');
          }),
          step('ship', () => {
            shipped.resolve();
            return run(`ship ${id}`);
          }),
        ]);
        return step('mail', () => run(`mail ${id}`));
      },
      { operation: 'fulfil', key: ({ id }) => id },
    );
    return { idempotency, state, run, fulfil };
  }

  it('keeps the steps of a workflow for as long as it may be restarted, and then as long as its record', async () => {
    const { idempotency, state, run, fulfil } = orders();
    const input = { id: '1' };
    await expect(fulfil(input)).rejects.toThrow('card refused');
    const workflow = await fulfil.idOf(input);
    const steps = async () => (await idempotency.records.list({ workflow })).records;
    const ship = (await steps()).find(({ operation }) => operation === 'fulfil.ship')!;
    expect(ship).toMatchObject({ status: 'completed', workflow });
    expect(ship.expiresAt! - ship.completedAt!).toBeGreaterThan(300 * dayMs);
    state.fails = false;
    expect(await fulfil(input)).toBe('mail 1');
    expect(run.mock.calls.flat().toSorted()).toEqual(['charge 1', 'mail 1', 'ship 1']);
    const { expiresAt } = (await idempotency.records.get(workflow))!;
    await vi.waitFor(async () => {
      const kept = await steps();
      expect(kept).toHaveLength(3);
      for (const step of kept) expect(step.expiresAt! - expiresAt!).toBeLessThan(60_000);
    }, patient);
  });

  describe('keeps the steps of a workflow as long as its record where somebody else completes that:', () => {
    async function abandoned(probe: () => { completed: string }) {
      const idempotency = createIdempotency({ environment: `workflow-${randomUUID()}`, store });
      const fulfil = idempotency.workflow(
        async ({ id }: { id: string }, step: Step) => {
          await step('charge', async () => `charged ${id}`);
          await step('note', async () => 'noted', { retention: '400d' });
          throw outcomeUnknown(new Error('no answer'));
        },
        { operation: 'fulfil', key: ({ id }) => id, abandoned: probe },
      );
      const input = { id: '1' };
      await expect(fulfil(input)).rejects.toThrow('no answer');
      const workflow = await fulfil.idOf(input);
      /** How many days the steps are kept. */
      const days = async () => {
        const { records } = await idempotency.records.list({ workflow });
        return Object.fromEntries(
          records.map(({ operation, expiresAt, completedAt }) => [
            operation,
            Math.round((expiresAt! - completedAt!) / dayMs),
          ]),
        );
      };
      expect(await days()).toEqual({ 'fulfil.charge': 365, 'fulfil.note': 400 });
      return { idempotency, fulfil, input, workflow, days };
    }
    const probe = () => ({ completed: 'found' });

    it('an operator, by hand', async () => {
      const { idempotency, workflow, days } = await abandoned(probe);
      await idempotency.records.complete(workflow, 'by hand', { retention: '2d' });
      expect(await days()).toEqual({ 'fulfil.charge': 2, 'fulfil.note': 400 });
    });

    it('an operator, by a probe', async () => {
      const { idempotency, days } = await abandoned(probe);
      const asked = await idempotency.records.reconcile({}, probe, { retention: '2d' });
      expect(asked).toMatchObject({ matched: 1, completed: 1 });
      expect(await days()).toEqual({ 'fulfil.charge': 2, 'fulfil.note': 400 });
    });

    it('the probe of the next call, where the store finds steps without walking through all that it holds', async () => {
      const { idempotency, fulfil, input, days } = await abandoned(probe);
      expect(await fulfil(input)).toBe('found');
      expect(await idempotency.close()).toEqual({ left: [] });
      const isFound = name === 'postgres' || name === 'memory';
      expect(await days()).toEqual({ 'fulfil.charge': isFound ? 1 : 365, 'fulfil.note': 400 });
    });
  });

  it('tells a restart with another input in the records', async () => {
    const { idempotency, state, fulfil } = orders();
    await fulfil({ id: '1', total: 5 }).catch(() => {});
    state.fails = false;
    await fulfil({ id: '1', total: 6 });
    const workflow = await idempotency.records.get(await fulfil.idOf({ id: '1' }));
    const { records } = await idempotency.records.list({ workflow: workflow!.id });
    const isOfThisInput = Object.fromEntries(
      records.map(({ operation, inputDigest }) => [
        operation,
        inputDigest === workflow!.inputDigest,
      ]),
    );
    expect(isOfThisInput).toEqual({
      'fulfil.charge': true,
      'fulfil.mail': true,
      'fulfil.ship': false,
    });
  });

  it.each(['release', 'delete'] as const)('%s with steps executes them again', async (action) => {
    const { idempotency, state, run, fulfil } = orders();
    state.fails = false;
    const input = { id: '1' };
    await fulfil(input);
    const id = await fulfil.idOf(input);
    expect(await idempotency.records[action](id)).toBe(true);
    expect(await fulfil(input)).toBe('mail 1');
    expect(run).toHaveBeenCalledTimes(3);
    expect(await idempotency.records[action](id, { steps: true })).toBe(true);
    expect(await fulfil(input)).toBe('mail 1');
    expect(run).toHaveBeenCalledTimes(6);
  });

  it('complete with steps leaves none that waits', async () => {
    const { idempotency, fulfil } = orders();
    const input = { id: '1' };
    await expect(fulfil(input)).rejects.toThrow('card refused');
    const id = await fulfil.idOf(input);
    await idempotency.records.complete(id, 'by hand', { steps: true, by: 'ada' });
    expect(await fulfil(input)).toBe('by hand');
    const { records } = await idempotency.records.list({ workflow: id });
    expect(records.map(({ status, expiresAt }) => [status, expiresAt])).toEqual([
      ['completed', undefined],
      ['completed', undefined],
    ]);
  });
});
