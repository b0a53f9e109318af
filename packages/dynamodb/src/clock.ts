/** Where this machine's time is read. */
export interface MachineClock {
  /** Epoch milliseconds, which may be wrong and may jump. */
  wall(): number;
  /** Milliseconds that only ever rise evenly; only differences mean anything. */
  monotonic(): number;
}

export const systemMachineClock: MachineClock = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
};

/**
 * DynamoDB offers no clock to a condition, so times come from here: the machine's clock for as long
 * as it agrees with what the service's answers say, else the nearest time that does agree.
 */
export interface CorrectedClock {
  /** Whole epoch milliseconds. */
  now(): number;
  monotonic(): number;
  /** What `now` answered at that monotonic time, had it known what is known now. */
  at(monotonic: number): number;
  /** Learns from a `Date` header, which is the service's time cut to whole seconds. */
  observe(serverDate: number, sentAt: number, receivedAt: number): void;
  /** False before the first answer, and when the machine slept or its clock was set since the last one:
   * which of the two it was, only the service can tell. */
  isCertain(): boolean;
  /** Whether the service ever told its time. */
  isTaught(): boolean;
  /** Takes the time as it is for certain, where the service does not tell its own. */
  assume(): void;
  /** How far the machine's clock had to be corrected at the last answer; 0 while it agrees. */
  offsetMs(): number;
}

// Two oscillators drift apart by less than this; what was learned loses its edge that fast.
const driftPerMs = 200e-6;
// A monotonic clock stands still while its machine sleeps; drift in a minute is far less.
const jumpMs = 500;
// Machines of one service do not agree to the millisecond either.
const slackMs = 100;

/** `onLearned` is told the offset after every answer. */
export function correctClock(
  machine: MachineClock,
  onLearned: (offsetMs: number) => void = () => {},
): CorrectedClock {
  // The service's time minus our monotonic time lies between these; each answer narrows them.
  let earliest = Number.NEGATIVE_INFINITY;
  let latest = Number.POSITIVE_INFINITY;
  let learnedAt = 0;
  // What the machine's two clocks were apart at that time.
  let apart = Number.NaN;
  const apartNow = () => machine.wall() - machine.monotonic();

  const agreeing = (wall: number, monotonic: number) =>
    Math.round(Math.min(Math.max(wall, monotonic + earliest), monotonic + latest));
  const now = () => agreeing(machine.wall(), machine.monotonic());
  const offset = (wall: number, monotonic: number) => agreeing(wall, monotonic) - Math.round(wall);
  const at = (monotonic: number) =>
    agreeing(machine.wall() - (machine.monotonic() - monotonic), monotonic);

  return {
    now,
    at,
    monotonic: () => machine.monotonic(),
    isCertain: () => Math.abs(apartNow() - apart) < jumpMs,
    isTaught: () => earliest !== Number.NEGATIVE_INFINITY,
    assume() {
      apart = apartNow();
    },
    observe(serverDate, sentAt, receivedAt) {
      const from = serverDate - slackMs - receivedAt;
      const to = serverDate + 1_000 + slackMs - sentAt;
      const drift = Math.max(0, receivedAt - learnedAt) * driftPerMs;
      earliest = Math.max(earliest - drift, from);
      latest = Math.min(latest + drift, to);
      learnedAt = receivedAt;
      const wall = machine.wall();
      apart = wall - receivedAt;
      if (earliest > latest) {
        // The machine slept, or a clock was set: only the newest answer counts.
        earliest = from;
        latest = to;
      }
      onLearned(offset(wall, receivedAt));
    },
    offsetMs: () => offset(machine.wall(), machine.monotonic()),
  };
}

/** How far a clock may turn out to have been off without a lease having to be written again. */
export const toleratedShiftMs = 250;
