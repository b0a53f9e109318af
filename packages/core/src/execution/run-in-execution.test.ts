import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, expect, test, vi } from 'vitest';
import { processState } from '../process-state.ts';
import type { NestedExecution } from './nested-execution.ts';

const { executions } = processState;
const execution = { id: 'test/charge/0/a' } as NestedExecution;
const other = new AsyncLocalStorage<string>();
const seen = () => [executions.getStore()?.id, other.getStore()];
const { node } = process.versions;

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** The module anew, which finds out anew what it runs on. */
async function on(version: string) {
  vi.stubGlobal('process', { ...process, versions: { ...process.versions, node: version } });
  const { runInExecution } = await import('./run-in-execution.ts');
  return runInExecution;
}

test.each([node, '22.12.0', '24.0.0'])(
  'on Node %s an execution ends with its function',
  async (version) => {
    const runInExecution = await on(version);
    await other.run('mine', async () => {
      const answer = runInExecution(execution, () => {
        const now = seen();
        return Promise.resolve().then(() => [now, seen()]);
      });
      expect(seen()).toEqual([undefined, 'mine']);
      const inside = [execution.id, 'mine'];
      expect(await answer).toEqual([inside, inside]);
      expect(seen()).toEqual([undefined, 'mine']);
    });
    expect(seen()).toEqual([undefined, undefined]);
  },
);

test.each([node, '22.12.0', '24.0.0'])(
  'on Node %s it ends with what its function throws',
  async (version) => {
    const runInExecution = await on(version);
    const failing = () => {
      throw new Error('declined');
    };
    expect(() => runInExecution(execution, failing)).toThrow('declined');
    expect(seen()).toEqual([undefined, undefined]);
  },
);

test('where no store can be entered for good, it is run in', async () => {
  vi.spyOn(executions, 'enterWith').mockImplementation(() => {
    throw new Error('not implemented');
  });
  const running = vi.spyOn(executions, 'run').mockImplementation((_execution, run) => run());
  const runInExecution = await on('24.0.0');
  expect(runInExecution(execution, () => 'captured')).toBe('captured');
  expect(running).toHaveBeenCalledOnce();
});

test('where a resource does not put back what was there, it is run in', async () => {
  const { AsyncResource } = await import('node:async_hooks');
  vi.spyOn(AsyncResource.prototype, 'runInAsyncScope').mockImplementation((run) => run());
  const running = vi.spyOn(executions, 'run');
  const runInExecution = await on('24.0.0');
  expect(runInExecution(execution, seen)).toEqual([execution.id, undefined]);
  expect(seen()).toEqual([undefined, undefined]);
  expect(running).toHaveBeenCalledOnce();
});
