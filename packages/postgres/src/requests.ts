import type { Claim } from '@twiceproof/core';
import { textArray } from './array-literal.ts';
import { type Batch, createBatch } from './batch.ts';
import type { Database, Row } from './database.ts';
import { explained, isLostRace, mayBeOneRow } from './faults.ts';
import type { Names } from './names.ts';
import { type ClaimPolicy, claim, claimParams } from './sql/claim.ts';
import { read } from './sql/read.ts';
import { type Renewal, renew, renewParams } from './sql/renew.ts';
import { type Ending, settle, settleParams } from './sql/settle.ts';

/** Statements as the store sends them. An answer of undefined: no such row was read or changed. */
export interface Requests {
  /** Any single statement. */
  one(text: string, params: unknown[]): Promise<Row | undefined>;
  all(text: string, params: unknown[]): Promise<readonly Row[]>;
  read(id: string): Promise<Row | undefined>;
  claim(claim: Claim, policy: ClaimPolicy): Promise<Row | undefined>;
  settle(ending: Ending): Promise<Row | undefined>;
  renew(renewal: Renewal): Promise<Row | undefined>;
}

export interface RequestsOptions {
  readonly timeoutMs: number;
  readonly notify: boolean;
}

const maxItems = 128;
const maxBytes = 1 << 20;
/** How many statements of one kind are under way at once. */
const maxRequests = 3;
const triesOfLostRace = 5;
/**
 * A statement of several rows gives up its locks after this long, well before Postgres looks for
 * deadlocks, and its rows are sent one by one: one row that is locked for long holds up no others.
 */
const batchLockTimeoutMs = 100;

export function createRequests(
  database: Database,
  names: Names,
  { timeoutMs, notify }: RequestsOptions,
): Requests {
  const sql = {
    claim: claim(names),
    read: read(names),
    renew: renew(names),
    settle: settle(names, notify),
  };

  const query = async (text: string, params: unknown[], rows = 1): Promise<readonly Row[]> => {
    for (let tried = 1; ; tried += 1) {
      try {
        return await database.query(text, params);
      } catch (error) {
        const isWorthAnother = rows === 1 && isLostRace(error) && tried < triesOfLostRace;
        if (!isWorthAnother) throw rows > 1 && mayBeOneRow(error) ? error : explained(error, names);
      }
    }
  };

  // A row that is locked for longer than this is worth an error that says so, before the timeout.
  const lockTimeout = (items: number) =>
    String(items > 1 ? batchLockTimeoutMs : Math.ceil(timeoutMs / 2));

  const batch = <Item>(
    keyOf: (item: Item) => string,
    statement: (items: readonly Item[]) => readonly [string, unknown[]],
    bytesOf?: (item: Item) => number,
  ): Batch<Item, Row | undefined> =>
    createBatch({
      keyOf,
      ...(bytesOf && { bytesOf }),
      maxItems,
      maxBytes,
      maxRequests,
      isSeparable: mayBeOneRow,
      async send(items) {
        const [text, params] = statement(items);
        const rows = await query(text, params, items.length);
        if (items.length === 1) return [rows[0]];
        const byId = new Map(rows.map((row) => [row.id as string, row]));
        return items.map((item) => byId.get(keyOf(item)));
      },
    });

  const queued = new Map<string, Promise<Row | undefined>>();
  const readMany = batch<string>(
    (id) => id,
    (ids) => {
      // From here on the answer may be older than a call that asks for it.
      for (const id of ids) queued.delete(id);
      return [sql.read, [textArray(ids)]];
    },
  );

  const claimMany = new Map<string, Batch<Claim, Row | undefined>>();
  const claimBatch = (policy: ClaimPolicy): Batch<Claim, Row | undefined> => {
    const key = `${policy.abandoned} ${policy.paused} ${policy.settlesOnly}`;
    let found = policy.supersedes === undefined ? claimMany.get(key) : undefined;
    if (!found) {
      found = batch<Claim>(
        ({ id }) => id,
        (claims) => {
          const sorted = claims.toSorted(byId);
          return [sql.claim, claimParams(sorted, policy, lockTimeout(claims.length))];
        },
        previewBytes,
      );
      if (policy.supersedes === undefined) claimMany.set(key, found);
    }
    return found;
  };

  const settleMany = batch<Ending>(
    ({ id }) => id,
    (endings) => [sql.settle, settleParams(endings, lockTimeout(endings.length))],
    ({ outcomeHex }) => outcomeHex?.length ?? 0,
  );
  const renewMany = batch<Renewal>(
    ({ id }) => id,
    (renewals) => [sql.renew, renewParams(renewals, lockTimeout(renewals.length))],
  );

  return {
    all: query,
    one: async (text, params) => (await query(text, params))[0],
    read(id) {
      let reading = queued.get(id);
      if (!reading) {
        reading = readMany(id);
        queued.set(id, reading);
      }
      return reading;
    },
    claim: (item, policy) => claimBatch(policy)(item),
    settle: settleMany,
    renew: renewMany,
  };
}

function byId(a: Claim, b: Claim): number {
  return a.id < b.id ? -1 : 1;
}

function previewBytes({ keyPreview, inputPreview }: Claim): number {
  return (keyPreview?.length ?? 0) + (inputPreview?.length ?? 0);
}
