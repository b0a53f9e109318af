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

test('a record is likely while most of the last claims of the operation met one', () => {
  const guess = createReplayGuess();
  expect(guess.isLikely('charge')).toBe(false);
  for (let count = 0; count < 100; count += 1) guess.learn('charge', true);
  expect(guess.isLikely('charge')).toBe(true);
  expect(guess.isLikely('refund')).toBe(false);
  for (let count = 0; count < 100; count += 1) guess.learn('charge', false);
  expect(guess.isLikely('charge')).toBe(false);
});

test('it is as sure as it is asked to be', () => {
  const claims = (likelyFrom: number, memory: number): number => {
    const guess = createReplayGuess({ likelyFrom, memory });
    let learned = 0;
    for (; !guess.isLikely('charge'); learned += 1) guess.learn('charge', true);
    return learned;
  };
  expect(claims(0.9, 32)).toBeGreaterThan(claims(0.5, 32));
  expect(claims(0.5, 64)).toBeGreaterThan(claims(0.5, 32));
});

test('operations without end do not fill the memory: their number is bounded, and the latest count', () => {
  const guess = createReplayGuess({ memory: 1 });
  for (let at = 0; at < 10_000; at += 1) guess.learn(`operation ${at}`, true);
  let likely = 0;
  for (let at = 0; at < 10_000; at += 1) likely += Number(guess.isLikely(`operation ${at}`));
  expect(likely).toBeLessThanOrEqual(1_000);
  expect(guess.isLikely('operation 9999')).toBe(true);
});
