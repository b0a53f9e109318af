import {
  type AbandonedRecord,
  type Instrumentation,
  type Probe,
  type ReconcileProgress,
  unknownIfAmbiguous,
} from '@twiceproof/core';
import { describe, expect, it, vi } from 'vitest';
import { deployed, gate, settled } from './deployed.ts';

const timeout = () => Object.assign(new Error('no answer from the bank'), { code: 'ETIMEDOUT' });
const none = { matched: 0, completed: 0, released: 0, held: 0, failed: 0, skipped: 0 };

/** Charges of which nobody knows whether they happened, one for each key. */
async function unknownCharges(keys: readonly string[], instrumentation?: Instrumentation) {
  const own = deployed({
    abandoned: 'hold',
    failure: unknownIfAmbiguous,
    retention: '1h',
    ...(instrumentation && { instrumentation }),
  });
  const run = vi.fn(async (id: string) => `charged ${id}`);
  for (const _ of keys) run.mockRejectedValueOnce(timeout());
  const options = { operation: 'charge', key: (id: string) => id };
  const charge = own.idempotency.wrap((id: string) => run(id), options);
  for (const key of keys) await charge(key).catch(() => {});
  return { ...own, run, charge };
}

/** A probe that finds what the key says. */
const byKey: Probe = ({ keyPreview }) => {
  if (keyPreview?.startsWith('paid')) return { completed: `found ${keyPreview}` };
  return keyPreview?.startsWith('unpaid') ? 'reexecute' : 'hold';
};

describe('records.reconcile', () => {
  it('settles every record of unknown outcome as its probe says', async () => {
    const operatorAction = vi.fn();
    const { idempotency, run, charge, clock } = await unknownCharges(
      ['paid', 'unpaid', 'unclear'],
      {
        execute: (_info, next) => next(),
        operatorAction,
      },
    );
    const seen: AbandonedRecord[] = [];
    const probe: Probe = async (record) => {
      seen.push(record);
      return byKey(record);
    };
    const done = { ...none, matched: 3, completed: 1, released: 1, held: 1 };
    expect(await idempotency.records.reconcile({}, probe)).toEqual(done);
    expect(seen).toHaveLength(3);
    for (const { downstreamKey, downstreamUuid, lastError, id } of seen) {
      expect(lastError?.message).toBe('no answer from the bank');
      expect(id.endsWith(downstreamKey)).toBe(true);
      expect(downstreamUuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8/);
    }
    expect(operatorAction.mock.calls.map(([{ action, by }]) => [action, by]).toSorted()).toEqual([
      ['complete', 'probe'],
      ['release', 'probe'],
    ]);
    await clock.advance(2 * 3_600_000);
    expect(await charge('paid')).toBe('found paid');
    expect(await charge('unpaid')).toBe('charged unpaid');
    await expect(charge('unclear')).rejects.toMatchObject({ code: 'HELD' });
    expect(run).toHaveBeenCalledTimes(4);
  });

  it('says on the record who asked and why, and keeps it for the retention that was given', async () => {
    const { idempotency, charge, clock } = await unknownCharges(['paid', 'unpaid']);
    const own = { by: 'nightly', reason: 'ledger of Monday', retention: '2h' } as const;
    await idempotency.records.reconcile({ unknown: true }, byKey, own);
    for (const key of ['paid', 'unpaid']) {
      const record = await idempotency.records.get(await charge.idOf(key));
      expect(record?.settledBy).toEqual({ by: 'nightly', reason: 'ledger of Monday' });
    }
    await clock.advance(2 * 3_600_000 + 1);
    expect(await idempotency.records.get(await charge.idOf('paid'))).toBeUndefined();
  });

  it('asks about what crashed, too, unless the filter leaves it out, and never about what runs', async () => {
    const { idempotency, elsewhere, clock, charge } = await unknownCharges(['paid']);
    const live = gate<string>();
    const hold = { operation: 'charge', key: (id: string) => id, heartbeat: false } as const;
    const stopped = elsewhere().wrap((_id: string) => live.promise, hold);
    const crashed = stopped('paid, but crashed').catch(() => {});
    await settled();
    await clock.advance(30_000);
    const running = stopped('paid, but running').catch(() => {});
    await settled();
    const { records } = idempotency;
    expect(await records.reconcile({ unknown: true }, byKey)).toMatchObject({ completed: 1 });
    expect(await records.reconcile({}, byKey)).toEqual({ ...none, matched: 1, completed: 1 });
    expect(await charge('paid, but crashed')).toBe('found paid, but crashed');
    await expect(charge('paid, but running')).rejects.toMatchObject({ code: 'IN_PROGRESS' });
    live.resolve('late');
    await Promise.all([crashed, running]);
  });

  it('goes on past probes that fail, hang or answer nonsense, and tells of them', async () => {
    const keys = ['throws', 'hangs', 'nonsense', 'paid'];
    const { idempotency, clock, charge } = await unknownCharges(keys);
    const probe: Probe = ({ keyPreview, ...record }) => {
      if (keyPreview === 'throws') throw new Error('ledger is down');
      if (keyPreview === 'hangs') return new Promise<never>(() => {});
      if (keyPreview === 'nonsense') return 'yes' as never;
      return byKey({ keyPreview, ...record });
    };
    const errors: Record<string, string> = {};
    const onError = (error: unknown, id: string) => {
      errors[id] = (error as Error).message;
    };
    const own = { timeout: '10s', onError } as const;
    const asked = idempotency.records.reconcile({}, probe, own);
    await settled();
    await clock.advance(10_000);
    expect(await asked).toEqual({ ...none, matched: 4, completed: 1, failed: 3 });
    expect(errors).toEqual({
      [await charge.idOf('throws')]: 'ledger is down',
      [await charge.idOf('hangs')]: expect.stringContaining('no answer within 10000 ms'),
      [await charge.idOf('nonsense')]: expect.stringContaining('answered neither'),
    });
    for (const key of keys.slice(0, 3)) {
      await expect(charge(key)).rejects.toMatchObject({ code: 'HELD' });
    }
  });

  it('goes on past findings that no record can hold, and tells of them', async () => {
    const found: Record<string, unknown> = { code: () => {}, long: 'x'.repeat(2_000), paid: 'ok' };
    const { elsewhere, charge } = await unknownCharges(Object.keys(found));
    const probe: Probe = ({ keyPreview }) => ({ completed: found[keyPreview!] });
    const errors: Record<string, unknown> = {};
    const onError = (error: unknown, id: string) => {
      errors[id] = (error as { code: string }).code;
    };
    const { records } = elsewhere({ maxResultBytes: 1_000 });
    const done = { ...none, matched: 3, completed: 1, failed: 2 };
    expect(await records.reconcile({}, probe, { onError })).toEqual(done);
    expect(errors).toEqual({
      [await charge.idOf('code')]: 'RESULT_UNSERIALIZABLE',
      [await charge.idOf('long')]: 'RESULT_OMITTED',
    });
    expect(await charge('paid')).toBe('ok');
    await expect(charge('code')).rejects.toMatchObject({ code: 'HELD' });
    await expect(charge('long')).rejects.toMatchObject({ code: 'RESULT_OMITTED' });
  });

  it('is bounded: eight probes at a time, with progress, and stopped by its signal', async () => {
    const keys = Array.from({ length: 30 }, (_, n) => `paid ${n}`);
    const { idempotency } = await unknownCharges(keys);
    let asking = 0;
    let most = 0;
    const progress: ReconcileProgress[] = [];
    const controller = new AbortController();
    const probe: Probe = async () => {
      asking += 1;
      most = Math.max(most, asking);
      await settled();
      asking -= 1;
      return { completed: 'found' };
    };
    const own = {
      signal: controller.signal,
      onProgress: (now: ReconcileProgress) => {
        progress.push(now);
        if (now.matched === 20) controller.abort(new Error('stopped'));
      },
    };
    const ten = { limit: 10, unknown: true };
    await expect(idempotency.records.reconcile(ten, probe, own)).rejects.toThrow('stopped');
    expect(most).toBe(8);
    expect(progress.map(({ completed }) => completed)).toEqual([10, 20]);
    expect(await idempotency.records.reconcile(ten, probe)).toMatchObject({ completed: 10 });
  });

  it('ends at once when it is stopped while a probe hangs', async () => {
    const { idempotency } = await unknownCharges(['hangs']);
    const controller = new AbortController();
    const asked = idempotency.records.reconcile({}, () => new Promise<never>(() => {}), {
      signal: controller.signal,
    });
    await settled();
    controller.abort(new Error('stopped'));
    await expect(asked).rejects.toThrow('stopped');
  });

  it('leaves alone what somebody else has settled meanwhile', async () => {
    const { idempotency, charge } = await unknownCharges(['paid']);
    const probe: Probe = async () => {
      await idempotency.records.complete(await charge.idOf('paid'), 'by hand');
      return { completed: 'found' };
    };
    expect(await idempotency.records.reconcile({}, probe)).toEqual({
      ...none,
      matched: 1,
      skipped: 1,
    });
    expect(await charge('paid')).toBe('by hand');
  });

  it('refuses what it cannot work with', async () => {
    const { records } = deployed().idempotency;
    const refused = { code: 'OPTIONS_INVALID' };
    await expect(records.reconcile(undefined as never, byKey)).rejects.toMatchObject(refused);
    await expect(records.reconcile({}, 'hold' as never)).rejects.toMatchObject(refused);
    for (const wrong of [{ timeout: -1 }, { retention: 'x' }, { onError: 1 }, { probe: 1 }]) {
      await expect(records.reconcile({}, byKey, wrong as never)).rejects.toMatchObject(refused);
    }
  });
});
