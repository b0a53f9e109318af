/**
 * A value that plain msgpack cannot carry is written as a map with one entry, whose key starts with
 * NUL. A user's object with such a key is itself written as a tag, so the two never meet.
 */
export const TAG = {
  /** nil */
  undefined: '\0u',
  /** nil */
  negativeZero: '\0z',
  /** hexadecimal digits, a minus sign before them if negative */
  bigint: '\0n',
  /** a string that UTF-8 cannot carry, as JSON text */
  text: '\0s',
  /** milliseconds since the epoch, nil if invalid */
  date: '\0d',
  /** [key, value, key, value, …] */
  map: '\0m',
  /** [element, …] */
  set: '\0e',
  /** [key, value, …]: an object with a key that a msgpack map cannot carry here */
  object: '\0o',
  /** [key, value, …]: an object without a prototype */
  bareObject: '\0p',
  /** [length, key, value, …]: an array with holes or with named properties */
  array: '\0a',
  /** [name of the type, bytes] */
  binary: '\0b',
  /** [name of the type, what its codec encoded] */
  typed: '\0t',
} as const;

export type Tag = (typeof TAG)[keyof typeof TAG];
