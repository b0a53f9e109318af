/** Where the store reads the time. Only differences of `now` decide; `epoch` is read once. */
export interface MemoryClock {
  /** Monotonic milliseconds. */
  now(): number;
  /** Epoch milliseconds. `Date.now()` unless given. */
  epoch?(): number;
}

/**
 * The store's own time: milliseconds since it was made, so that a step of the system clock changes
 * nothing and the times of a record stay small integers, which V8 keeps without a box.
 */
export interface Time {
  /** Exact, for decisions. */
  now(): number;
  toEpoch(time: number): number;
  fromEpoch(epoch: number): number;
}

/** The next whole millisecond, for what is kept: a lease never ends earlier than was promised. */
export function stampOf(now: number): number {
  return Math.ceil(now);
}

export function createTime(clock: MemoryClock | undefined): Time {
  const read = clock === undefined ? () => performance.now() : () => clock.now();
  const origin = Math.floor(clock?.epoch?.() ?? Date.now());
  const start = read();
  const now = () => read() - start;
  return {
    now,
    toEpoch: (time) => origin + time,
    fromEpoch: (epoch) => epoch - origin,
  };
}
