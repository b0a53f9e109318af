import { type Item, number } from './item.ts';
import type { Table } from './table.ts';

/** The condition of every write that renews or settles: in progress, mine, and still counting. */
export const mine: string =
  '#status = :inProgress AND #token = :token AND ' +
  '(attribute_not_exists(#expiresAt) OR #expiresAt > :now OR #leaseUntil > :over)';

/** The same, and of an attempt that has not ended as unknown. */
export const mineAndKnown: string = `${mine} AND attribute_not_exists(#ending)`;

export function mineValues({ settings }: Table, token: string, now: number): Item {
  return {
    ':inProgress': { S: 'in_progress' },
    ':token': { S: token },
    ':now': number(now),
    ':over': number(now - settings.marginMs),
  };
}
