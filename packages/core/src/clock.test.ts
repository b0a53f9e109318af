import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from './clock.ts';

const day = 86_400_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('what is scheduled for longer than a timer of Node lasts is not done early', () => {
  const run = vi.fn();
  systemClock.schedule(60 * day, run);
  vi.advanceTimersByTime(60 * day - 1);
  expect(run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(run).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
});

test('it is cancelled in each of its parts', () => {
  const run = vi.fn();
  const cancels = [systemClock.schedule(60 * day, run), systemClock.schedule(60 * day, run, true)];
  vi.advanceTimersByTime(30 * day);
  for (const cancel of cancels) cancel();
  expect(vi.getTimerCount()).toBe(0);
});
