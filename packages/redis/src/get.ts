import type { Store, StoredRecord, StoreOptions } from '@twiceproof/core';
import { corrupt } from './corrupt.ts';
import { countsForSure } from './plain-verdict.ts';
import { decodeRecord, decodeRest, readHead } from './record-format.ts';
import { retirementWord } from './script-words.ts';
import { getScript } from './scripts.ts';
import type { StoreContext } from './store-context.ts';

export function createGet({ commands, clock }: StoreContext): Store['get'] {
  return async (id, options) => {
    const now = clock.now();
    if (now !== undefined && commands.read !== undefined) {
      const found = await commands.read(id, options);
      if (found === null) return undefined;
      const head = readHead(found);
      if (head === undefined) throw corrupt(id);
      if (head.status === 't') return undefined;
      if (countsForSure(head, now)) return decodeRest(id, found, head);
    }
    const rest = [retirementWord(options), 'whole'];
    const [verdict, , , leaseUntil, value] = await commands.run(getScript, id, rest, options);
    if (verdict === 'absent') return undefined;
    return decodeRecord(id, value as Buffer, { leaseUntil: leaseUntil as number });
  };
}

/** A record without its outcome, and what is left of its lease by the server's clock. */
export interface Glance {
  readonly record: StoredRecord;
  readonly leaseRemainingMs: number;
}

const copy = 'm'.charCodeAt(0);

/** Reads a record that this store decides about, without having its outcome sent. */
export async function glance(
  { commands }: StoreContext,
  id: string,
  options: StoreOptions | undefined,
): Promise<Glance | undefined> {
  const rest = [retirementWord(options), 'head'];
  const [verdict, , left, leaseUntil, value, outcomeBytes] = await commands.run(
    getScript,
    id,
    rest,
    options,
  );
  if (verdict === 'absent' || (value as Buffer)[1] === copy) return undefined;
  const known = { leaseUntil: leaseUntil as number, outcomeBytes: outcomeBytes as number };
  return {
    record: decodeRecord(id, value as Buffer, known),
    leaseRemainingMs: left as number,
  };
}
