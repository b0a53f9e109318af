import {
  type JSONValue,
  TreeInterpreter,
  TYPE_NULL,
  TYPE_STRING,
} from '@jmespath-community/jmespath';
import { bodyFunctions, UnusableInput } from './body-functions.ts';

/**
 * An interpreter of our own. The library registers functions on the one that it exports, where they
 * would meet those of everybody else in the process; its class is reachable through that one only.
 */
export const interpreter: typeof TreeInterpreter = new (
  TreeInterpreter.constructor as new () => typeof TreeInterpreter
)();

for (const [name, read] of Object.entries(bodyFunctions)) {
  const signature = [{ types: [TYPE_STRING, TYPE_NULL] }];
  const call = ([body]: unknown[]): JSONValue => {
    if (body === null || body === undefined) return null;
    // The library lets values pass that JSON does not have.
    if (typeof body !== 'string') throw new UnusableInput('a body that is not text');
    return read(body) as JSONValue;
  };
  interpreter.runtime.register(name, call, signature, { override: true });
}

/** How many arguments a function takes; undefined for a name that is none. */
export function arityOf(name: string): { least: number; most: number } | undefined {
  if (!interpreter.runtime.getRegistered().includes(name)) return undefined;
  const parameters = interpreter.runtime._functionTable[name]!._signature;
  return {
    least: parameters.filter((parameter) => !parameter.optional).length,
    most: parameters.at(-1)?.variadic ? Number.POSITIVE_INFINITY : parameters.length,
  };
}
