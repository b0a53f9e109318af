import { type CurrentExecution, currentExecution } from '@twiceproof/core';
import { describe, expect, it, vi } from 'vitest';
import { deployed, gate } from './deployed.ts';

const own = { operation: 'work', key: (id: string) => id };

/** A function that leaves something running, and what that sees once it is let go on. */
function leaving(fail = false) {
  const released = gate();
  let later: Promise<unknown> | undefined;
  let seen: CurrentExecution | undefined;
  const fn = async (_id: string) => {
    seen = currentExecution();
    later = released.promise.then(() => currentExecution());
    later.catch(() => {});
    if (fail) throw new Error('failed');
    return 'done';
  };
  return { fn, released, later: () => later!, signal: () => seen!.signal };
}

describe('an execution that has ended', () => {
  it.each([
    ['with a result', {}, false],
    ['with an error', {}, true],
    ['without idempotency', { enabled: false }, false],
  ])('is no longer the current one of what it left running: %s', async (_, options, fail) => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { idempotency } = deployed(options);
    const { fn, released, later, signal } = leaving(fail);
    await idempotency.wrap(fn, own).settled('a');
    released.resolve();
    await expect(later()).rejects.toThrow(/^OPTIONS_INVALID: .*after the execution of 'work' had/);
    expect(signal().aborted).toBe(true);
    expect(signal().reason).toMatchObject({ name: 'AbortError' });
    vi.restoreAllMocks();
  });

  it('has an intact signal while it runs, and the outer one has after it', async () => {
    const { idempotency } = deployed();
    const outer = idempotency.wrap(async (id: string) => {
      const { signal } = currentExecution();
      await idempotency.execute({ operation: 'inner', key: id }, () => {
        expect(currentExecution().signal.aborted).toBe(false);
      });
      expect(currentExecution().operation).toBe('work');
      return signal.aborted;
    }, own);
    expect(await outer('a')).toBe(false);
  });

  it('can be waited for, and started again, by what it left running', async () => {
    const { idempotency } = deployed({ inProgress: 'wait' });
    const released = gate();
    let later: Promise<string> | undefined;
    const once = idempotency.wrap(async (id: string): Promise<string> => {
      later ??= released.promise.then(() => once.withRun(1)(id)).then(() => once(id));
      return 'done';
    }, own);
    await once('a');
    released.resolve();
    expect(await later).toBe('done');
  });
});
