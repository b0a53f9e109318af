import { expect, test, vi } from 'vitest';
import { DelayedAnswers } from './delayed-answers.ts';

function timers(): number {
  return process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length;
}

test('an answer that waits does not keep the process alive', () => {
  const before = timers();
  new DelayedAnswers().after(10_000, () => {});
  expect(timers()).toBe(before);
});

test('answers come after their time, and none after the channel has closed', async () => {
  const answers = new DelayedAnswers();
  const [given, givenUp, late] = [vi.fn(), vi.fn(), vi.fn()];
  answers.after(1, given);
  await vi.waitFor(() => expect(given).toHaveBeenCalledOnce(), 20_000);
  answers.after(1, givenUp);
  answers.close();
  answers.after(1, late);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(givenUp).not.toHaveBeenCalled();
  expect(late).not.toHaveBeenCalled();
});
