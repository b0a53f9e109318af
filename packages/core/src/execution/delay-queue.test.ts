import { virtualClock } from '@twiceproof/testing/clock';
import { expect, test } from 'vitest';
import type { Clock } from '../clock.ts';
import { DelayQueue, DelayQueues } from './delay-queue.ts';

test('each falls due after the delay, in the order in which it was added, unless it was removed', async () => {
  const clock = virtualClock();
  const queue = new DelayQueue(clock, 100);
  const fell: string[] = [];
  const add = (name: string) => queue.add(() => fell.push(`${name} at ${clock.now()}`));
  add('first');
  await clock.advance(30);
  const second = add('second');
  add('third');
  await clock.advance(30);
  queue.remove(second);
  queue.remove(second);
  add('fourth');
  await clock.advance(200);
  expect(fell).toEqual(['first at 100', 'third at 130', 'fourth at 160']);
  add('fifth');
  await clock.advance(100);
  expect(fell.at(-1)).toBe('fifth at 360');
});

test('all of one delay share one timer, and none is left when nothing waits', async () => {
  const clock = virtualClock();
  const queue = new DelayQueue(clock, 100);
  for (let count = 0; count < 1_000; count++) queue.remove(queue.add(() => {}));
  expect(clock.pending()).toBe(1);
  await clock.advance(100);
  expect(clock.pending()).toBe(0);
});

test('one that falls due may add and remove others', async () => {
  const clock = virtualClock();
  const queue = new DelayQueue(clock, 100);
  const fell: number[] = [];
  const again = (): void => {
    fell.push(clock.now());
    queue.remove(other);
    queue.add(again);
  };
  queue.add(again);
  const other = queue.add(() => fell.push(-1));
  await clock.advance(350);
  expect(fell).toEqual([100, 200, 300]);
});

test('heartbeats that go on and on need one timer, however many there are', async () => {
  const clock = virtualClock();
  const queue = new DelayQueue(clock, 100);
  let beats = 0;
  const beat = (): void => {
    beats++;
    queue.add(beat);
  };
  for (let start = 0; start < 10; start++) {
    queue.add(beat);
    await clock.advance(7);
  }
  await clock.advance(10_000);
  expect(beats).toBeGreaterThan(900);
  expect(clock.pending()).toBe(1);
});

test('delays beyond the longest timer fall due on time', async () => {
  const clock = virtualClock();
  const longestTimerMs = 2 ** 31 - 1;
  const limited = {
    ...clock,
    schedule: (ms: number, run: () => void) => clock.schedule(Math.min(ms, longestTimerMs), run),
  };
  const queue = new DelayQueue(limited, 100 * 86_400_000);
  let due: number | undefined;
  queue.add(() => {
    due = clock.now();
  });
  await clock.advance(200 * 86_400_000);
  expect(due).toBe(100 * 86_400_000);
});

test('a queue is shared while it is in use, and queues of delays long past are not kept', async () => {
  const clock = virtualClock();
  const queues = new DelayQueues(clock);
  const queue = queues.of(50);
  const fell: string[] = [];
  queue.add(() => fell.push('first'));
  expect(queues.of(50)).toBe(queue);
  for (let delay = 100; delay < 1_100; delay++) {
    queues.of(delay).remove(queues.of(delay).add(() => {}));
  }
  await clock.advance(2_000);
  expect(queues.size).toBe(0);
  // Whoever still has one can go on with it.
  queue.add(() => fell.push('second'));
  await clock.advance(50);
  expect(fell).toEqual(['first', 'second']);
});

test('as a clock, queues share one timer among all that wait equally long', async () => {
  const clock = virtualClock();
  let armed = 0;
  const counting: Clock = {
    now: () => clock.now(),
    schedule(...timer) {
      armed += 1;
      return clock.schedule(...timer);
    },
  };
  const queues = new DelayQueues(counting);
  const fell: string[] = [];
  queues.schedule(50, () => fell.push('first'));
  const cancel = queues.schedule(50, () => fell.push('cancelled'));
  queues.schedule(50, () => fell.push('third'));
  expect(armed).toBe(1);
  cancel();
  await clock.advance(50);
  expect(fell).toEqual(['first', 'third']);
});
