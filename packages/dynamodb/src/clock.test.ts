import { describe, expect, test } from 'vitest';
import { type CorrectedClock, correctClock } from './clock.ts';

/** A service whose true time is `service()`, and a machine whose clocks can be moved. */
function world() {
  let truth = 1_800_000_000_000;
  let wrongBy = 0;
  let slept = 0;
  const machine = { wall: () => truth + wrongBy, monotonic: () => truth - slept };
  const clock = correctClock(machine);
  return {
    clock,
    truth: () => truth,
    pass: (ms: number) => {
      truth += ms;
    },
    setWrong: (ms: number) => {
      wrongBy = ms;
    },
    /** Time passes for everything but the monotonic clock. */
    sleep: (ms: number) => {
      truth += ms;
      slept += ms;
    },
    /** One request and its answer, which carries the service's time in whole seconds. */
    request: (roundTripMs = 4, on: CorrectedClock = clock) => {
      const sentAt = machine.monotonic();
      truth += roundTripMs / 2;
      const date = Math.floor(truth / 1_000) * 1_000;
      truth += roundTripMs / 2;
      on.observe(date, sentAt, machine.monotonic());
    },
  };
}

describe('a corrected clock', () => {
  test('is the machine’s clock before it has learned anything', () => {
    const { clock, truth, setWrong } = world();
    setWrong(12_345);
    expect(clock.now()).toBe(truth() + 12_345);
  });

  test('is the machine’s clock to the millisecond while that agrees with the service', () => {
    const { clock, truth, pass, request } = world();
    for (let count = 0; count < 50; count += 1) {
      pass(137);
      request();
      expect(clock.now()).toBe(truth());
    }
    expect(clock.offsetMs()).toBe(0);
  });

  for (const wrongBy of [-3_600_000, -5_000, 5_000, 3_600_000]) {
    test(`corrects a clock that is wrong by ${wrongBy} ms from the first answer on`, () => {
      const { clock, truth, setWrong, request } = world();
      setWrong(wrongBy);
      request();
      expect(Math.abs(clock.now() - truth())).toBeLessThan(1_300);
      expect(Math.abs(clock.offsetMs() + wrongBy)).toBeLessThan(1_300);
    });
  }

  test('narrows what is left of the error with every answer', () => {
    const { clock, truth, setWrong, pass, request } = world();
    setWrong(3_600_000);
    for (let count = 0; count < 100; count += 1) {
      pass(133);
      request();
    }
    expect(Math.abs(clock.now() - truth())).toBeLessThan(150);
  });

  test('does not follow the machine’s clock when that jumps', () => {
    const { clock, truth, setWrong, request } = world();
    request();
    setWrong(3_600_000);
    expect(Math.abs(clock.now() - truth())).toBeLessThan(1_300);
    setWrong(-3_600_000);
    expect(Math.abs(clock.now() - truth())).toBeLessThan(1_300);
  });

  test('finds the time again after the machine slept', () => {
    const { clock, truth, sleep, request } = world();
    request();
    sleep(600_000);
    request();
    expect(clock.now()).toBe(truth());
  });

  test('learns little from a slow answer, and unlearns nothing', () => {
    const { clock, truth, setWrong, request } = world();
    setWrong(60_000);
    request(4);
    request(30_000);
    expect(Math.abs(clock.now() - truth())).toBeLessThan(1_300);
  });

  test('answers what an earlier time would have been', () => {
    const { clock, truth, setWrong, pass, request } = world();
    setWrong(60_000);
    const before = clock.monotonic();
    const told = clock.now();
    const actual = truth();
    pass(50);
    request();
    expect(told - actual).toBe(60_000);
    expect(Math.abs(clock.at(before) - actual)).toBeLessThan(1_300);
  });

  test('keeps up with a service whose clock drifts away from the machine’s', () => {
    const { clock, truth, setWrong, pass, request } = world();
    for (let count = 0; count < 2_000; count += 1) {
      pass(1_000);
      // 50 ms an hour: a bad oscillator without NTP.
      setWrong(-count * 0.014);
      request();
      expect(Math.abs(clock.now() - truth())).toBeLessThan(1_300);
    }
  });
});
