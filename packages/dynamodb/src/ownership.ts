import { type Item, number, stateOf } from './item.ts';
import type { Table } from './table.ts';

/** The condition of every write that renews or settles: in progress, mine, and still counting. */
export const mine: string =
  '#state = :mine AND (attribute_not_exists(#expiresAt) OR #expiresAt > :now OR #leaseUntil > :over)';

/** The same, and of an attempt that has not ended as unknown. */
export const mineAndKnown: string = `${mine} AND attribute_not_exists(#end)`;

export function mineValues({ settings }: Table, token: string, now: number): Item {
  return {
    ':mine': stateOf('in_progress', token),
    ':now': number(now),
    ':over': number(now - settings.marginMs),
  };
}
