/**
 * What the server's clock says, without asking: learned from the answers of scripts, which carry it.
 * Only times that are shown, fences of new records and early verdicts on replays rest on it; whether
 * a lease or a retention is over is decided by the server.
 */
export interface ServerClock {
  /** Epoch milliseconds with fractions; undefined until it was learned, and again when that is long ago. */
  now(): number | undefined;
  /**
   * To be called with what a script said, and when (by {@link monotonic}) it was asked. An answer that
   * took long teaches nothing: what is learned is off by half a second at most.
   */
  learn(micros: number, askedAt: number): void;
}

const freshForMs = 60_000;
const betterAnswerForMs = 10_000;
// Clocks drift by far less in a minute: the machine slept, or somebody set its clock.
const jumpMs = 1_000;
// When in that time the server read its clock is not known: it may have been at either end.
const longestRoundTripMs = 1_000;

/** @param wall and @param monotonic are given by tests only. */
export function createServerClock(
  wall: () => number = Date.now,
  monotonic: () => number = () => performance.now(),
): ServerClock {
  let offset = 0;
  let roundTrip = 0;
  let learnedAt = Number.NEGATIVE_INFINITY;
  let wallOffset = 0;

  const isFresh = (now: number) =>
    now - learnedAt < freshForMs && Math.abs(wall() - now - wallOffset) < jumpMs;

  return {
    now() {
      const now = monotonic();
      return isFresh(now) ? now + offset : undefined;
    },
    learn(micros, askedAt) {
      const now = monotonic();
      const took = now - askedAt;
      if (took > longestRoundTripMs) return;
      // The shorter the round trip, the less is unknown about when the server read its clock.
      if (took > roundTrip && now - learnedAt < betterAnswerForMs && isFresh(now)) return;
      offset = micros / 1_000 - (now + askedAt) / 2;
      roundTrip = took;
      learnedAt = now;
      wallOffset = wall() - now;
    },
  };
}
