import { type Answer, itsValue } from './execution/call.ts';
import type { Given, Operation } from './execution/operation.ts';
import { type IdempotencyRecord, publicRecord } from './records/record.ts';
import type { Settled } from './settled.ts';

/** How a call was answered. */
export interface Execution<Value> {
  readonly value: Value;
  /** `'replayed'`: the function did not run for this call. */
  readonly outcome: 'executed' | 'replayed';
  /** The record that answers for the work; undefined only if the call ran without idempotency. */
  readonly record: IdempotencyRecord | undefined;
}

/** A function that is safe to call twice: same arguments, same result, always a promise. */
export interface Wrapped<This, Args extends readonly unknown[], Value>
  extends WrappedMembers<Args, Value> {
  (this: This, ...args: Args): Promise<Value>;
  /** The same function for an intentional re-execution: run 1, 2, … of a key keeps run 0's record. */
  withRun(run: number): Wrapped<This, Args, Value>;
}

/** What a wrapped function has beside being called. */
export interface WrappedMembers<Args extends readonly unknown[], Value> {
  /** Calls the function and tells how the call was answered. */
  execute(this: unknown, ...args: Args): Promise<Execution<Value>>;
  /** Calls the function and tells what came of the call. Never rejects. */
  settled(this: unknown, ...args: Args): Promise<Settled<Value>>;
  /** The record id that a call with these arguments has; calls nothing. */
  idOf(this: unknown, ...args: Args): Promise<string>;
}

const atOnce: unique symbol = Symbol('settled at once');

/**
 * What `settled` of a wrapped function answers, without a promise where it is at hand, as it is where a store of this
 * process has the record. The value is to be read only: other calls may get the same one, which then is frozen, so that
 * what is made of it can be kept by it.
 *
 * @example
 * ```ts
 * import type { Wrapped } from '@twiceproof/core';
 * import { settledAtOnce } from '@twiceproof/core/toolkit';
 *
 * declare const charge: Wrapped<unknown, [id: string], string>;
 * const settling = settledAtOnce(charge, 'payment-1');
 * const { outcome } = settling instanceof Promise ? await settling : settling;
 * ```
 */
export function settledAtOnce<Args extends readonly unknown[], Value>(
  fn: WrappedMembers<Args, Value>,
  ...args: Args
): Settled<Value> | Promise<Settled<Value>> {
  const { [atOnce]: own } = fn as AtOnce<Args, Value>;
  // Another copy of this package may have wrapped it.
  return own ? own(...args) : fn.settled(...args);
}

interface AtOnce<Args extends readonly unknown[], Value> extends WrappedMembers<Args, Value> {
  readonly [atOnce]?: (...args: Args) => Settled<Value> | Promise<Settled<Value>>;
}

/**
 * The wrapped form of `fn`. Function and selectors are called on the caller's `this`, or on `owner`
 * where the caller has none: `order.ship.withRun(1)(…)` is called on nothing.
 */
export function wrapped<This, Args extends readonly unknown[], Value>(
  operation: Operation<Args>,
  fn: (this: This, ...args: Args) => Value | Promise<Value>,
  run?: number,
  owner?: unknown,
): Wrapped<This, Args, Value> {
  const call = function call(this: This, ...args: Args): Promise<Value> {
    const self = this ?? owner;
    try {
      const given = { args, self, run };
      return Promise.resolve(
        operation.answer<Value, Value>(given, () => Reflect.apply(fn, self, args), itsValue),
      );
    } catch (error) {
      return Promise.reject(error);
    }
  };
  // `charge.execute(…)` is called on `charge`, which is nothing that the function knows.
  const selfOf = (self: unknown): unknown => (self === call ? owner : (self ?? owner));
  const settledFor = (given: Given<Args>): Settled<Value> | Promise<Settled<Value>> =>
    operation.settled<Value>(given, () => Reflect.apply(fn, given.self, given.args));
  Object.defineProperties(call, {
    name: { value: fn.name || operation.name },
    length: { value: fn.length },
    [atOnce]: { value: (...args: Args) => settledFor({ args, self: owner, run, onlyReads: true }) },
  });
  return Object.assign(call, {
    withRun(this: unknown, nextRun: number) {
      return wrapped(operation, fn, nextRun, selfOf(this));
    },
    async execute(this: unknown, ...args: Args) {
      const self = selfOf(this);
      const given = { args, self, run };
      return await operation.answer<Value, Execution<Value>>(
        given,
        () => Reflect.apply(fn, self, args),
        execution,
      );
    },
    async settled(this: unknown, ...args: Args) {
      return settledFor({ args, self: selfOf(this), run });
    },
    idOf(this: unknown, ...args: Args) {
      return operation.idOf({ args, self: selfOf(this), run });
    },
  });
}

export function execution<Value>({ value, outcome, record }: Answer<Value>): Execution<Value> {
  return { value, outcome, record: record && publicRecord(record) };
}
