/**
 * Epoch milliseconds of the server's clock when it is evaluated, rounded down. `now()` would be the
 * beginning of the transaction, which may lie before a wait for a lock.
 */
export const now = "floor(date_part('epoch', clock_timestamp()) * 1000)::bigint";

/** Rounded up, for what is kept: a lease never ends earlier than was promised. */
export const stamp: string = `(${now} + 1)`;
