import { createIdempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { expect, test } from 'vitest';
import { virtualClock } from './virtual-clock.ts';

test('time stands still until it is advanced', async () => {
  const clock = virtualClock({ epoch: 1_000 });
  expect([clock.now(), clock.epoch()]).toEqual([0, 1_000]);
  await clock.advance(250);
  expect([clock.now(), clock.epoch()]).toEqual([250, 1_250]);
});

test('what falls due runs in order, each at its own time', async () => {
  const clock = virtualClock();
  const ran: [string, number][] = [];
  const note = (name: string) => () => ran.push([name, clock.now()]);
  clock.schedule(30, note('third'));
  clock.schedule(10, note('first'));
  clock.schedule(10, note('second'));
  clock.schedule(31, note('later'));
  await clock.advance(30);
  expect(ran).toEqual([
    ['first', 10],
    ['second', 10],
    ['third', 30],
  ]);
  expect(clock.pending()).toBe(1);
});

test('promises settle between two runs', async () => {
  const clock = virtualClock();
  const ran: string[] = [];
  clock.schedule(10, async () => {
    for (let count = 0; count < 20; count += 1) await undefined;
    ran.push('after the first');
  });
  clock.schedule(11, () => ran.push('second'));
  await clock.advance(20);
  expect(ran).toEqual(['after the first', 'second']);
});

test('what is scheduled meanwhile runs in the same advance when it falls due', async () => {
  const clock = virtualClock();
  const beats: number[] = [];
  const beat = () => {
    beats.push(clock.now());
    clock.schedule(10, beat);
  };
  clock.schedule(10, beat);
  await clock.advance(35);
  expect(beats).toEqual([10, 20, 30]);
});

test('what was cancelled does not run', async () => {
  const clock = virtualClock();
  let ran = 0;
  const cancel = clock.schedule(10, () => {
    ran += 1;
  });
  cancel();
  cancel();
  await clock.advance(20);
  expect([ran, clock.pending()]).toEqual([0, 0]);
});

test('an error of what runs is the error of the advance', async () => {
  const clock = virtualClock();
  clock.schedule(10, () => {
    throw new Error('broken timer');
  });
  await expect(clock.advance(10)).rejects.toThrow('broken timer');
});

test('core and the memory store live by it: a lease is renewed while its function runs', async () => {
  const clock = virtualClock();
  const store = memoryStore({ clock });
  const runtime = { clock };
  const idempotency = createIdempotency({ environment: 'test', store, lease: '30s', runtime });
  let executions = 0;
  const slow = idempotency.wrap(
    (_id: string) =>
      new Promise<number>((resolve) => {
        executions += 1;
        clock.schedule(600_000, () => resolve(executions));
      }),
    { operation: 'slow', inProgress: { wait: '1h' } },
  );
  const first = slow('a');
  await clock.advance(300_000);
  const second = slow('a');
  await clock.advance(300_000);
  await clock.advance(60_000);
  expect([await first, await second, executions]).toEqual([1, 1, 1]);
});
