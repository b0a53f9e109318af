import type { AttributeValue } from '@aws-sdk/client-dynamodb';
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
  readonly values: Item;
  readonly set: Item;
  applyTo(item: Item): Item;
  /** What DynamoDB would compare with its limit. */
  bytesOf(item: Item, key: Item): number;
}

export function settlingWrites(
  layout: Layout,
): (token: string, change: Change, condition: string) => SettlingWrite {
  const { names, graceMs } = layout;
  const known = new Map<string, object>();
  /** One of a handful, by what a settlement carries. */
  const expressionsOf = (
    set: readonly Attribute[],
    removed: readonly Attribute[],
    conditions: string,
  ): object => {
    const assignments = set.map((attribute) => `#${attribute} = :${attribute}`).join(', ');
    const removals = removed.map((attribute) => `#${attribute}`).join(', ');
    const template = `SET ${assignments}${removals && ` REMOVE ${removals}`}`;
    const key = `${template} ${conditions}`;
    let found = known.get(key);
    if (found === undefined) {
      const update = expression(layout, template);
      const condition = expression(layout, conditions);
      const texts = { UpdateExpression: update.text, ConditionExpression: condition.text };
      found = { ...texts, ...aliasesOf(update, condition) };
      known.set(key, found);
    }
    return found;
  };

  return (token, change, condition) => {
    const { status, outcome, leaseUntil, expiresAt } = change;
    const set: Partial<Record<Attribute, AttributeValue>> = { end: endText(change) };
    if (leaseUntil === undefined) set.state = stateOf(status, token);
    else set.leaseUntil = number(leaseUntil);
    if (outcome !== undefined) set.outcome = { B: outcome };
    if (expiresAt !== undefined) {
      set.expiresAt = number(expiresAt);
      set.ttl = number(ttlSeconds(expiresAt, graceMs));
    }
    const removed: readonly Attribute[] = expiresAt === undefined ? ['expiresAt', 'ttl'] : [];
    const assigned = Object.entries(set) as [Attribute, AttributeValue][];
    const item = Object.fromEntries(assigned.map(([name, value]) => [names[name], value]));
    const applyTo = (before: Item) => {
      const changed = { ...before, ...item };
      for (const attribute of removed) delete changed[names[attribute]];
      return changed;
    };
    return {
      expressions: expressionsOf(Object.keys(set) as Attribute[], removed, condition),
      values: Object.fromEntries(assigned.map(([name, value]) => [`:${name}`, value])),
      set: item,
      applyTo,
      bytesOf: (before, key) => updateBytes(applyTo(before), key, assigned.length, removed.length),
    };
  };
}
