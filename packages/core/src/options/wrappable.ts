import { kinds } from '../node-modules.ts';
import { invalidOption, shown } from './option-checks.ts';

/** Throws `OPTIONS_INVALID` unless `fn` is a function that does its work when it is called. */
export function checkWrappable(
  fn: unknown,
  where: string,
): asserts fn is (...args: never) => unknown {
  if (typeof fn !== 'function') {
    throw invalidOption(`${where} was given ${shown(fn)}; give the function to execute`);
  }
  if (!kinds.isGeneratorFunction(fn)) return;
  throw invalidOption(
    `${where} was given a generator function, which does nothing when it is called; give a function that reads it to its end and returns what it gives`,
  );
}
