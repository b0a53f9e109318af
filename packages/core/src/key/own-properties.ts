import { kinds } from '../node-modules.ts';
import { className, isDirectInstance } from '../values/object-kind.ts';
import { Refusal } from '../values/refusal.ts';
import { visibleSymbolName } from '../values/symbol-name.ts';
import { indexSegment } from '../values/value-path.ts';

/**
 * Dates, Maps and Sets are encoded by what the language keeps inside them. Anything else on one
 * would get lost, and two different keys would become one.
 */
export function refuseOwnProperties(value: object, name: string): void {
  if (Object.keys(value).length > 0) {
    throw new Refusal(`${name} with properties of its own`, 'give a plain object instead');
  }
  refuseSymbolNames(value);
}

export function refuseSymbolNames(object: object): void {
  if (visibleSymbolName(object) === undefined) return;
  throw new Refusal('an object with a property named by a symbol', 'name it by text');
}

/** Refuses properties beside the elements, holes (as far as their number tells), and instances of
 * classes that extend Array. */
export function refuseUnusualArray(array: readonly unknown[]): void {
  if (!isDirectInstance(array, Array)) throw instanceRefusal(array);
  refuseSymbolNames(array);
  const surplus = Object.keys(array).length - array.length;
  if (surplus < 0) throw holeRefusal().within(array, indexSegment(firstHole(array)));
  if (surplus > 0) {
    throw new Refusal(
      'an array with properties beside its elements',
      'give a plain object instead',
    );
  }
}

export function holeRefusal(): Refusal {
  return new Refusal('a hole in an array', 'give undefined, or leave it out');
}

function firstHole(array: readonly unknown[]): number {
  let index = 0;
  while (Object.hasOwn(array, index)) index += 1;
  return index;
}

/** Why an object of no encodable kind is refused. */
export function instanceRefusal(value: object): Refusal {
  const name = className(value);
  return new Refusal(
    name === undefined ? 'an object with a prototype of its own' : `an instance of ${name}`,
    kinds.isPromise(value)
      ? 'await it first'
      : 'give its id, or a plain object of the parts that identify it',
  );
}
