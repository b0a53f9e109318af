import type { Store, StoredRecord, StoreOptions } from '@idemkit/core';
import { decodeRecord } from './record-value.ts';
import { getScript } from './scripts.ts';
import { pausedArgument, type StoreContext } from './store-context.ts';

export function createGet({ commands }: StoreContext): Store['get'] {
  return async (id, options) => {
    const rest = [pausedArgument(options), '1'];
    const [verdict, , , leaseUntil, value] = await commands.run(getScript, id, rest, options);
    if (verdict === 0) return undefined;
    return decodeRecord(id, value as Buffer, { leaseUntil: leaseUntil as number });
  };
}

/** A record without its outcome, and what is left of its lease by the server's clock. */
export interface Glance {
  readonly record: StoredRecord;
  readonly leaseRemainingMs: number;
}

/** Reads a record without having its outcome sent. */
export async function glance(
  { commands }: StoreContext,
  id: string,
  options: StoreOptions | undefined,
): Promise<Glance | undefined> {
  const rest = [pausedArgument(options), '0'];
  const [verdict, , left, leaseUntil, value, outcomeBytes] = await commands.run(
    getScript,
    id,
    rest,
    options,
  );
  if (verdict === 0) return undefined;
  const known = { leaseUntil: leaseUntil as number, outcomeBytes: outcomeBytes as number };
  return {
    record: decodeRecord(id, value as Buffer, known),
    leaseRemainingMs: left as number,
  };
}
