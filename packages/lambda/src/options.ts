import type { Duration, WrapOptions } from '@twiceproof/core';

/** Options of a Lambda handler: core's, of which two follow the invocation. */
export interface InvocationOptions<Args extends readonly unknown[]> extends WrapOptions<Args> {
  /** Default: what is left of the invocation, not to be renewed beyond it. */
  readonly lease?: Duration | undefined;
  /** Default, and at most: what is left of the invocation less `margin`. `false` for no limit. */
  readonly maxDuration?: Duration | false | undefined;
  /** What is kept of an invocation to settle its records; nothing begins in it. Default `'500ms'`. */
  readonly margin?: Duration | 0 | undefined;
}

/** Options of a handler of one record at a time. */
export interface RecordsOptions<Item, Context>
  extends InvocationOptions<[record: Item, context: Context]> {
  /** Told of each record that failed, and why. Default: a line on the console. */
  readonly onItemError?: ((error: unknown, record: Item) => unknown) | undefined;
}
