import type { KeyValue, OperationOptions } from '@twiceproof/core';

/** Options of an idempotent tool: core's, of which those that look at a call get what the tool gets. */
export interface ToolOptions<Input, Sdk extends readonly unknown[]>
  extends Omit<
    OperationOptions<[input: Input, ...sdk: Sdk]>,
    'key' | 'missingKey' | 'scope' | 'fingerprint'
  > {
  /** What tells one piece of work from another: fields of the input, dots for nested ones, or a function. */
  readonly key: readonly string[] | ((input: Input, ...sdk: Sdk) => KeyValue);
  /** Whose work it is: users that share a tool must not meet. `'public'` waives it. */
  readonly scope?: 'public' | ((input: Input, ...sdk: Sdk) => string | number | bigint) | undefined;
  /** What must be the same when a call comes again: fields of the input, or a function. Default none. */
  readonly fingerprint?: readonly string[] | ((input: Input, ...sdk: Sdk) => KeyValue) | undefined;
  /** Fields of the key that would be refused, because models make the like up anew each time, and that are stable here. */
  readonly trust?: readonly string[] | undefined;
}

/** The same for tools that do not know their own name. */
export interface NamedToolOptions<Input, Sdk extends readonly unknown[]>
  extends ToolOptions<Input, Sdk> {
  /** The stable name of the tool; part of the record id. */
  readonly operation: string;
}
