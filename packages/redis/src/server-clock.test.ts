import { beforeEach, expect, test } from 'vitest';
import { createServerClock, type ServerClock } from './server-clock.ts';

let wall: number;
let monotonic: number;
let clock: ServerClock;

beforeEach(() => {
  wall = 1_000_000;
  monotonic = 500;
  clock = createServerClock(
    () => wall,
    () => monotonic,
  );
});

function pass(ms: number): void {
  wall += ms;
  monotonic += ms;
}

/** The server's clock is an hour ahead of ours. */
function ask(roundTripMs: number, error = 0): void {
  const askedAt = monotonic;
  pass(roundTripMs / 2);
  const micros = (wall + 3_600_000 + error) * 1_000;
  pass(roundTripMs / 2);
  clock.learn(micros, askedAt);
}

test('knows nothing before an answer', () => {
  expect(clock.now()).toBeUndefined();
});

test('says what the server’s clock says, whatever ours says', () => {
  ask(10);
  pass(30_000);
  expect(clock.now()).toBe(wall + 3_600_000);
});

test('knows nothing once an answer is a minute old', () => {
  ask(10);
  pass(59_000);
  expect(clock.now()).toBeDefined();
  pass(2_000);
  expect(clock.now()).toBeUndefined();
  ask(10);
  expect(clock.now()).toBeDefined();
});

test('knows nothing after the machine slept, or somebody set its clock', () => {
  for (const jump of [5_000, -5_000]) {
    ask(10);
    wall += jump;
    expect(clock.now()).toBeUndefined();
  }
});

test('trusts a quick answer more than a slow one, for ten seconds', () => {
  ask(2);
  ask(400, 150);
  expect(clock.now()).toBe(wall + 3_600_000);
  pass(10_000);
  ask(400, 150);
  expect(clock.now()).toBe(wall + 3_600_150);
  ask(2);
  expect(clock.now()).toBe(wall + 3_600_000);
});

test('learns nothing from an answer that took longer than a second', () => {
  ask(1_100);
  expect(clock.now()).toBeUndefined();
  ask(10);
  pass(11_000);
  ask(30_000, 14_000);
  expect(clock.now()).toBe(wall + 3_600_000);
});
