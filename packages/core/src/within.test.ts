import { expect, test } from 'vitest';
import type { Clock } from './clock.ts';
import { within } from './within.ts';

/** A clock whose timers fire when they are told to. */
function handClock() {
  const timers = new Set<() => void>();
  const clock: Clock = {
    now: () => 0,
    schedule(_ms, run) {
      timers.add(run);
      return () => timers.delete(run);
    },
  };
  const fire = (): void => {
    for (const run of [...timers]) run();
  };
  return { clock, timers, fire };
}

const refuse = (): never => {
  throw new Error('too late');
};

test('work in time is answered, and leaves no timer', async () => {
  const { clock, timers } = handClock();
  await expect(within(Promise.resolve('done'), 10, refuse, clock)).resolves.toBe('done');
  await expect(within(Promise.reject('broken'), 10, refuse, clock)).rejects.toBe('broken');
  expect(timers.size).toBe(0);
});

test('work that is late is given up for an answer, or for an error', async () => {
  const { clock, fire } = handClock();
  const work = Promise.withResolvers<string>();
  const answered = within(work.promise, 10, () => 'instead', clock);
  const refused = within(work.promise, 10, refuse, clock);
  fire();
  await expect(answered).resolves.toBe('instead');
  await expect(refused).rejects.toThrow('too late');
  // Nobody waits for it any more, and it must not end the process.
  work.reject(new Error('unheard'));
});
