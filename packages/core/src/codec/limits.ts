/** The largest outcome that is written or read, before compression. */
export const MAX_OUTCOME_BYTES: number = 64 * 1024 * 1024;

/** How deep objects, arrays, maps and sets may nest in a result. */
export const MAX_VALUE_DEPTH = 256;

/** A level of a value takes at most two levels of msgpack; the rest is for a chain of errors. */
export const MAX_MSGPACK_DEPTH: number = 2 * MAX_VALUE_DEPTH + 64;

/** The largest recorded error. What does not fit is left out of it or clipped. */
export const MAX_ERROR_BYTES: number = 64 * 1024;

/** How long a chain of `cause`s or of nested `errors` may be in a recorded error. */
export const MAX_ERROR_DEPTH = 8;
