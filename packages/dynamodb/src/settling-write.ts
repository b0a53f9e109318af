import type { StoredRecord } from '@twiceproof/core';
import type { Attribute } from './attributes.ts';
import { aliasesOf, expression } from './expression.ts';
import { type End, endText, type Item, type Layout, number, stateOf, ttlSeconds } from './item.ts';
import { updateBytes } from './item-size.ts';

/** What the settlement changes in the record; an unknown end leaves it in progress, without a lease. */
export type Change = End &
  Pick<StoredRecord, 'status' | 'expiresAt'> & {
    readonly outcome?: Uint8Array;
    readonly leaseUntil?: number;
  };

/** A change as an update of the item, and as the item that results. */
export interface SettlingWrite {
  readonly expressions: object;
  /** What it sets, by placeholders. */
  readonly values: Item;
  applyTo(item: Item): Item;
  /** What DynamoDB would compare with its limit. */
  bytesOf(item: Item, key: Item): number;
}

export function settlingWrites(
  layout: Layout,
): (token: string, change: Change, condition: string) => SettlingWrite {
  const { names, graceMs } = layout;
  const expressionsOf = settlingExpressions(layout);

  return (token, change, condition) => {
    const { status, outcome, leaseUntil, expiresAt } = change;
    const values: Item = { ':end': endText(change) };
    if (leaseUntil === undefined) values[':state'] = stateOf(status, token);
    else values[':leaseUntil'] = number(leaseUntil);
    if (outcome !== undefined) values[':outcome'] = { B: outcome };
    if (expiresAt !== undefined) {
      values[':expiresAt'] = number(expiresAt);
      values[':ttl'] = number(ttlSeconds(expiresAt, graceMs));
    }
    const set = Object.keys(values);
    const removed: readonly Attribute[] = expiresAt === undefined ? ['expiresAt', 'ttl'] : [];
    const applyTo = (before: Item) => {
      const changed = { ...before };
      for (const value of set) changed[names[value.slice(1) as Attribute]] = values[value]!;
      for (const attribute of removed) delete changed[names[attribute]];
      return changed;
    };
    return {
      expressions: expressionsOf(set, removed, condition),
      values,
      applyTo,
      bytesOf: (before, key) => updateBytes(applyTo(before), key, set.length, removed.length),
    };
  };
}

/** The expressions of a settlement: one of a handful, by what it carries. */
function settlingExpressions(layout: Layout) {
  const known = new Map<string, object>();
  return (set: readonly string[], removed: readonly Attribute[], conditions: string): object => {
    const key = `${set.join()} ${conditions}`;
    let found = known.get(key);
    if (found === undefined) {
      const assignments = set.map((value) => `#${value.slice(1)} = ${value}`).join(', ');
      const removals = removed.map((attribute) => `#${attribute}`).join(', ');
      const update = expression(layout, `SET ${assignments}${removals && ` REMOVE ${removals}`}`);
      const condition = expression(layout, conditions);
      const texts = { UpdateExpression: update.text, ConditionExpression: condition.text };
      found = { ...texts, ...aliasesOf(update, condition) };
      known.set(key, found);
    }
    return found;
  };
}
