import { expect, test } from 'vitest';
import { runningClock } from './running-clock.ts';

test('goes on by itself', async () => {
  const clock = runningClock();
  const start = clock.now();
  await new Promise<void>((resolve) => clock.schedule(5, resolve));
  expect(clock.now() - start).toBeGreaterThanOrEqual(5);
});

test('what falls due while it is advanced runs in order, each at its own time', async () => {
  const clock = runningClock();
  const start = clock.now();
  const ran: [string, boolean][] = [];
  const note = (name: string, at: number) => () => ran.push([name, clock.now() - start >= at]);
  clock.schedule(3_600_000, note('second', 3_600_000));
  clock.schedule(60_000, () => {
    note('first', 60_000)();
    clock.schedule(60_000, note('scheduled meanwhile', 120_000));
  });
  const cancel = clock.schedule(60_000, note('cancelled', 0));
  cancel();
  const late = clock.schedule(9_000_000, note('later', 0));
  await clock.advance(7_200_000);
  late();
  expect(ran).toEqual([
    ['first', true],
    ['scheduled meanwhile', true],
    ['second', true],
  ]);
  expect(clock.now() - start).toBeGreaterThanOrEqual(7_200_000);
  expect(clock.epoch() - Date.now()).toBeGreaterThan(7_100_000);
});

test('a timer that is longer than Node has waits for its time', async () => {
  const clock = runningClock();
  let ran = 0;
  const month = 31 * 86_400_000;
  clock.schedule(month, () => {
    ran += 1;
  });
  await clock.advance(month - 60_000);
  expect(ran).toBe(0);
  await clock.advance(60_000);
  expect(ran).toBe(1);
});
