/** How long an executor owns a record, in milliseconds. */
export const leaseMs = 2_000;

/** How long a paused worker sleeps, and a silent network stays silent: its lease is over by then. */
export const beyondLeaseMs: number = 1.5 * leaseMs;

/** Of the clocks of the worker processes: one is an hour behind, one a day ahead. */
export const clockOffsets: readonly number[] = [0, 0, -3_600_000, 86_400_000];
