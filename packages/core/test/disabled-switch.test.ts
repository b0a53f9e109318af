import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deployed } from './deployed.ts';

const own = { operation: 'work', key: (id: string) => id };

describe('TWICEPROOF_DISABLED', () => {
  beforeEach(() => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  async function executions(): Promise<number> {
    const work = vi.fn(async (id: string) => id);
    const once = deployed().idempotency.wrap(work, own);
    await once('a');
    await once('a');
    return work.mock.calls.length;
  }

  it.each(['1', 'true', 'yes', 'on', 'TRUE', ' Yes '])('%j runs without', async (word) => {
    vi.stubEnv('TWICEPROOF_DISABLED', word);
    expect(await executions()).toBe(2);
  });

  it.each(['0', 'false', 'no', 'off', 'OFF', ''])('%j runs with', async (word) => {
    vi.stubEnv('TWICEPROOF_DISABLED', word);
    expect(await executions()).toBe(1);
  });

  it('is read at the call', async () => {
    const work = vi.fn(async (id: string) => id);
    const once = deployed().idempotency.wrap(work, own);
    await once('a');
    vi.stubEnv('TWICEPROOF_DISABLED', 'on');
    expect(await once.settled('a')).toMatchObject({ outcome: 'bypassed' });
    vi.stubEnv('TWICEPROOF_DISABLED', undefined);
    expect(await once.settled('a')).toMatchObject({ outcome: 'replayed' });
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('is refused when it is nonsense, where an idempotency is created and at the call', async () => {
    const { idempotency } = deployed();
    const once = idempotency.wrap(async (id: string) => id, own);
    vi.stubEnv('TWICEPROOF_DISABLED', 'ja');
    const refusal = /^OPTIONS_INVALID: TWICEPROOF_DISABLED is 'ja'; give 1, true, yes or on/;
    expect(() => deployed()).toThrow(refusal);
    await expect(once('a')).rejects.toThrow(refusal);
    expect(await once.settled('a')).toMatchObject({ outcome: 'failed', started: false });
  });
});
