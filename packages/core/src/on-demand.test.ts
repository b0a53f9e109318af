import { expect, it, vi } from 'vitest';
import { onDemand } from './on-demand.ts';

it('loads once what is asked for at the same time and later', async () => {
  const load = vi.fn(async () => ({}));
  const part = onDemand(load);
  expect(load).not.toHaveBeenCalled();
  const [first, second] = await Promise.all([part(), part()]);
  expect(second).toBe(first);
  expect(await part()).toBe(first);
  expect(load).toHaveBeenCalledTimes(1);
});

it('tries a load that failed again when it is asked for the next time', async () => {
  const unreadable = new Error('too many open files');
  const load = vi.fn(async () => 'part').mockRejectedValueOnce(unreadable);
  const part = onDemand(load);
  const asked = await Promise.allSettled([part(), part()]);
  expect(asked).toEqual(Array(2).fill({ status: 'rejected', reason: unreadable }));
  expect(load).toHaveBeenCalledTimes(1);
  expect(await part()).toBe('part');
  expect(await part()).toBe('part');
  expect(load).toHaveBeenCalledTimes(2);
});
