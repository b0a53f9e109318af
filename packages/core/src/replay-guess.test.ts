import { expect, test } from 'vitest';
import { createReplayGuess } from './replay-guess.ts';

const id = (at: number) => `test/charge/0/${String(at).padStart(43, '0')}`;

test('an id that was met lately is met again', () => {
  const guess = createReplayGuess();
  expect(guess.meet(id(1))).toBe(false);
  expect(guess.meet(id(1))).toBe(true);
  expect(guess.meet(id(2))).toBe(false);
});

test('ten thousand ids are remembered, nearly all of them', () => {
  const guess = createReplayGuess();
  for (let at = 0; at < 10_000; at += 1) guess.meet(id(at));
  let met = 0;
  for (let at = 0; at < 10_000; at += 1) met += Number(guess.meet(id(at)));
  expect(met).toBeGreaterThan(8_000);
});

test('ids are taken for known while most of the last ones were', () => {
  const guess = createReplayGuess();
  expect(guess.areMostKnown()).toBe(false);
  for (let count = 0; count < 100; count += 1) guess.learn(true);
  expect(guess.areMostKnown()).toBe(true);
  for (let count = 0; count < 100; count += 1) guess.learn(false);
  expect(guess.areMostKnown()).toBe(false);
});
