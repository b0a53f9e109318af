import type { RecordStatus } from '@twiceproof/core';
import { type Item, stateOf } from './item.ts';

/** The condition that a record is at a `recordVersion`. */
export interface VersionCondition {
  readonly conditions: readonly string[];
  readonly values: Item;
}

/** Undefined for text that is the version of no record; no version asks for nothing. */
export function atVersion(version: string | undefined): VersionCondition | undefined {
  if (version === undefined) return { conditions: [], values: {} };
  const parts = /^(\d+)\.(?:(in_progress)|(completed|failed)\.(\d+|never))$/.exec(version);
  if (parts === null) return undefined;
  const [, fence, running, settled, expiresAt] = parts;
  const conditions = ['#fence = :atFence', 'begins_with(#state, :atStatus)'];
  const status = (running ?? settled) as RecordStatus;
  const values: Item = { ':atFence': { N: fence! }, ':atStatus': stateOf(status) };
  if (expiresAt === 'never') conditions.push('attribute_not_exists(#expiresAt)');
  else if (expiresAt !== undefined) {
    conditions.push('#expiresAt = :atExpiresAt');
    values[':atExpiresAt'] = { N: expiresAt };
  }
  return { conditions, values };
}
