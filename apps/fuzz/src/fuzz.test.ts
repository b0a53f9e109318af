import { expect, test } from 'vitest';
import { fuzz } from './fuzz.ts';

const mebibyte = 1024 * 1024;
const bounds = { mostKeptBytes: 16 * mebibyte, mostBytes: 128 * mebibyte };
const longestMs = 50;

/** Fifty rounds; the thirtieth does what must not be done. */
const tried = (mistake: () => void, longestMs = 10_000) =>
  fuzz(
    50,
    (_dice, round) => round,
    (round) => {
      if (round === 30) mistake();
      return round % 2 === 0;
    },
    (round) => `input ${round}`,
    { ...bounds, longestMs },
  );

test('inputs that are understood are counted', () => {
  expect(tried(() => {})).toEqual({ understood: 25 });
});

test('the same inputs come again', () => {
  const inputs = (): number[] => {
    const made: number[] = [];
    fuzz(
      20,
      (dice) => dice(1_000),
      (input) => made.push(input) > 0,
    );
    return made;
  };
  expect(new Set(inputs()).size).toBeGreaterThan(10);
  expect(inputs()).toEqual(inputs());
});

test('an input that throws is named, with what it threw', () => {
  const cause = new TypeError('not that');
  const throwing = () =>
    tried(() => {
      throw cause;
    });
  expect(throwing).toThrow(expect.objectContaining({ message: 'round 30: input 30', cause }));
});

test('an input that keeps the processor busy is named', () => {
  const busy = () => {
    const from = process.cpuUsage();
    for (let us = 0; us < 2_000 * longestMs; ) {
      const { user, system } = process.cpuUsage(from);
      us = user + system;
    }
  };
  expect(() => tried(busy, longestMs)).toThrow('round 30 took too long: input 30');
});

test('a machine that is busy with other things is no failure', () => {
  const elsewhere = () => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3 * longestMs);
  };
  expect(tried(elsewhere, longestMs).understood).toBe(25);
});

test('an input that touches a prototype is found', () => {
  const touched = Object.prototype as { polluted?: boolean };
  try {
    expect(() => tried(() => Object.assign(touched, { polluted: true }))).toThrow('prototype');
  } finally {
    delete touched.polluted;
  }
});

test('inputs that leave something behind are found', () => {
  const kept: number[][] = [];
  const keep = () => {
    for (let count = 0; count < 32; count++)
      kept.push(Array.from({ length: 131_072 }, Math.random));
  };
  expect(() => tried(keep)).toThrow('memory was kept');
  expect(kept).toHaveLength(32);
});

test('an input for which too much is allocated is found, although nothing is left of it', () => {
  // More than this process has ever had.
  const most = process.resourceUsage().maxRSS * 1024 - process.memoryUsage.rss();
  const bytes = most + 2 * bounds.mostBytes;
  expect(() => tried(() => Buffer.alloc(bytes, 1))).toThrow('took too much memory');
});
