import { memoryStore } from '@twiceproof/memory';
import { beforeAll, describe, expect, it, vi } from 'vitest';

type Core = typeof import('@twiceproof/core');

describe('two copies of the package in one process', () => {
  let first: Core;
  let second: Core;

  beforeAll(async () => {
    first = await import('@twiceproof/core');
    vi.resetModules();
    second = await import('@twiceproof/core');
    expect(second.createIdempotency).not.toBe(first.createIdempotency);
  });

  it('see each other’s executions', async () => {
    const { wrap } = first.createIdempotency({ environment: 'test', store: memoryStore() });
    const seen = wrap(async (_id: string) => second.currentExecution().id, { operation: 'see' });
    expect(await seen('a')).toBe(await seen.idOf('a'));
  });

  it('refuse to wait for an execution that waits for them', async () => {
    const store = memoryStore();
    const own = { operation: 'work', inProgress: 'wait' as const };
    const inner = second.createIdempotency({ environment: 'test', store });
    const outer = first.createIdempotency({ environment: 'test', store });
    const self = inner.wrap(async (_id: string): Promise<string> => 'inner', own);
    const once = outer.wrap(async (id: string): Promise<string> => self(id), own);
    await expect(once('a')).rejects.toMatchObject({ code: 'IN_PROGRESS' });
  });

  it('share the registered instrumentation, and what was said once', async () => {
    const execute = vi.fn((_call: unknown, next: () => Promise<never>) => next());
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    first.registerInstrumentation({ execute });
    for (const { createIdempotency } of [first, second]) {
      const { wrap } = createIdempotency({
        environment: 'dev',
        store: memoryStore(),
        enabled: false,
      });
      await wrap(async (id: string) => id, { operation: 'work' })('a');
    }
    second.registerInstrumentation(undefined);
    expect(execute).toHaveBeenCalledTimes(2);
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });
});
