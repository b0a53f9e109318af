import { outcomeUnknown } from '@twiceproof/core';
import { describe, expect, test } from 'vitest';
import { backends, claim, closeStoresAfterwards, newApplication } from './backends.ts';
import { runMain, runMainJson } from './run-main.ts';

closeStoresAfterwards();

describe.each(backends)('on $name', (backend) => {
  test('a status is what list shows: stuck is not held, and held is not unknown', async () => {
    const application = await newApplication(backend);
    const { url, store, idempotency } = application;
    const stuck = await claim(application, 'stuck', 1, 'reexecute');
    const held = await claim(application, 'held', 1);
    const lose = () => {
      throw outcomeUnknown(new Error('no answer'));
    };
    const lost = idempotency.execute({ operation: 'ship', key: 'lost', abandoned: 'hold' }, lose);
    await expect(lost).rejects.toThrow('no answer');
    await expect
      .poll(async () => (await store.list({ stuck: true, limit: 9 })).records, { timeout: 20_000 })
      .toHaveLength(3);
    const shown = async (...args: string[]) => {
      const { stdout } = await runMain(['list', '-q', ...args, '--store', url]);
      return stdout.split('\n').slice(0, -1).sort();
    };
    expect(await shown('--status', 'stuck')).toEqual([stuck.id]);
    expect(await shown('--status', 'held')).toEqual([held.id]);
    expect(await shown('--status', 'unknown', '--limit', '1')).toHaveLength(1);
    expect(await shown('--held'), 'what waits for an operator').toHaveLength(2);
    const bulk = ['release', '--where', '--status', 'stuck', '--yes', '--store', url];
    expect(await runMainJson(bulk)).toMatchObject({ matched: 1, changed: 1 });
    expect(await shown('--status', 'held')).toEqual([held.id]);
    expect(await shown('--status', 'unknown')).toHaveLength(1);
  });
});
