import type { Call, Effect } from './event.ts';

/** A time within which the store may have forgotten what it knew. */
export interface Forgetting {
  readonly from: number;
  readonly to: number;
}

type Operation =
  | {
      readonly kind: 'ok';
      readonly from: number;
      readonly to: number;
      readonly value: unknown;
      readonly own: unknown;
    }
  | { readonly kind: 'unknown'; readonly from: number; readonly to: number; readonly own: unknown }
  | { readonly kind: 'forget'; readonly from: number; readonly to: number };

const nothing = Symbol('nothing recorded');

/**
 * Whether the calls of one key can be put into one order, each at a moment between its beginning and its
 * end, in which they behave as one variable that is written once: a call that finds nothing writes what
 * its own function returned, and every other one gets what is there. A call that nobody was answered may
 * have written or not. (The search of Wing and Gong.)
 */
export function isLinearizable(
  calls: readonly Call[],
  effects: readonly Effect[],
  forgetting: readonly Forgetting[] = [],
): boolean {
  const own = new Map(effects.map(({ call, effect }) => [call, effect]));
  const operations: Operation[] = forgetting.map(({ from, to }) => ({ kind: 'forget', from, to }));
  for (const { call, from, to, answer } of calls) {
    if (answer.kind === 'ok') {
      operations.push({ kind: 'ok', from, to, value: answer.value, own: own.get(call) });
    } else if (own.has(call)) {
      // What it wrote may appear after its caller gave up.
      operations.push({ kind: 'unknown', from, to: Number.POSITIVE_INFINITY, own: own.get(call) });
    }
  }
  return search(operations);
}

function search(operations: readonly Operation[]): boolean {
  const seen = new Set<string>();
  const states: unknown[] = [nothing];
  const numberOf = (state: unknown) => {
    if (!states.includes(state)) states.push(state);
    return states.indexOf(state);
  };

  const from = (left: readonly Operation[], state: unknown): boolean => {
    // Who was never answered may have done nothing.
    if (left.every(({ kind }) => kind !== 'ok')) return true;
    const place = `${left.map((each) => operations.indexOf(each)).join()}:${numberOf(state)}`;
    if (seen.has(place)) return false;
    seen.add(place);
    // Only those that began before any other one ended can be next.
    const firstEnd = Math.min(...left.map(({ to }) => to));
    return left
      .filter((each) => each.from <= firstEnd)
      .some((next) => {
        const rest = left.filter((each) => each !== next);
        return after(next, state).some((following) => from(rest, following));
      });
  };
  return from(operations, nothing);
}

/** The states that an operation can leave behind; none where it could not have been answered so. */
function after(operation: Operation, state: unknown): unknown[] {
  switch (operation.kind) {
    case 'ok': {
      const { value, own } = operation;
      if (state === nothing) return value === own ? [value] : [];
      return state === value ? [state] : [];
    }
    case 'unknown':
      return state === nothing ? [state, operation.own] : [state];
    case 'forget':
      return [state, nothing];
  }
}
