import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { promisesOfCall } from './promises-of-call.ts';
import { promisesUntilAnswered } from './promises-until-answered.ts';
import { promisesUntilAsked } from './promises-until-asked.ts';

/** Three promises, and as many again on the next turn. */
function twoTurns(): Promise<void> {
  makeTwo();
  const { promise, resolve } = Promise.withResolvers<void>();
  globalThis.setImmediate(() => {
    makeTwo();
    void new Promise(() => {});
    resolve();
  });
  return promise;
}

function makeTwo(): void {
  for (let count = 0; count < 2; count++) void new Promise(() => {});
}

test('until it is asked, a call has made no promise of what comes later', async () => {
  const { promises, answer } = promisesUntilAsked(twoTurns);
  expect(promises).toBe(3);
  await answer;
});

test('until it is answered, a call has made all of its promises', async () => {
  const calls = Array.from({ length: 100 }, () => twoTurns);
  const promises = await promisesUntilAnswered(() => Promise.all(calls.map((call) => call())));
  expect(Math.round(promises / 100)).toBe(7);
});

test('promises of a call are the average, with one for waiting', async () => {
  expect(await promisesOfCall(100, twoTurns)).toBe(7);
});

test('what somebody else makes once is no call’s', async () => {
  const somebody = setImmediate().then(makeTwo);
  expect(await promisesOfCall(100, twoTurns)).toBe(7);
  await somebody;
});
