import type { Wrapped, WrappedMembers } from './wrapped.ts';

/** The arguments of a function; of an overloaded one, those of its last overload. */
export type ArgumentsOf<Fn> = Fn extends (this: never, ...args: infer Args) => unknown
  ? Args
  : never;

/** What a function resolves to; an overloaded one, by its last overload. */
export type ResultOf<Fn> = Fn extends (this: never, ...args: never) => infer Result
  ? Awaited<Result>
  : never;

/**
 * A function that was wrapped: called like the function itself, but always a promise. Type parameters
 * and overloads of a function that answers a promise are kept.
 */
export type WrappedFunction<Fn> = Fn extends (this: never, ...args: infer Args) => infer Result
  ? IsPlain<Fn, Args, Result> extends true
    ? Wrapped<ThisOf<Fn>, Args, Awaited<Result>>
    : IsPromiseFunction<Fn, Result> extends true
      ? KeptFunction<Fn, Args, Awaited<Result>>
      : Wrapped<ThisOf<Fn>, Args, Awaited<Result>>
  : never;

/** A function with its own signatures, as it was, and what a wrapped function has beside. */
type KeptFunction<Fn, Args extends readonly unknown[], Value> = Fn &
  WrappedMembers<Args, Value> & {
    /** The same function for an intentional re-execution: run 1, 2, … of a key keeps run 0's record. */
    withRun(run: number): KeptFunction<Fn, Args, Value>;
  };

type ThisOf<Fn> = Fn extends (this: infer This, ...args: never) => unknown ? This : unknown;

/** Whether nothing of a function gets lost when it is put together from its arguments and result. */
type IsPlain<Fn, Args extends readonly unknown[], Result> = ((
  this: ThisOf<Fn>,
  ...args: Args
) => Result) extends Fn
  ? true
  : false;

/** Whether it answers a promise itself, and is not at the same time an object with properties. */
type IsPromiseFunction<Fn, Result> = [keyof Fn] extends [never]
  ? [Promise<Awaited<Result>>] extends [Result]
    ? true
    : false
  : false;
