import { type Item, number, stateOf } from './item.ts';
import type { StoreContext } from './store-context.ts';

/** In progress and mine: that is enough while my lease lasts, because a record outlives it. */
export const mineWithinLease = '#state = :mine';

/** The condition of every other write that renews or settles: in progress, mine, and still counting. */
export const mine: string = `${mineWithinLease} AND (attribute_not_exists(#expiresAt) OR #expiresAt > :now OR #leaseUntil > :over)`;

/** The same, and of an attempt that has not ended as unknown. */
export const mineAndKnown: string = `${mine} AND attribute_not_exists(#end)`;

export function mineValue(token: string): Item {
  return { ':mine': stateOf('in_progress', token) };
}

export function mineValues({ settings }: StoreContext, token: string, now: number): Item {
  return {
    ...mineValue(token),
    ':now': number(now),
    ':over': number(now - settings.marginMs),
  };
}
