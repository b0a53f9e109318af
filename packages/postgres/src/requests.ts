import { type Claim, IdempotencyError, type StoreOptions } from '@twiceproof/core';
import { type Asker, type Batch, createBatch, type Eventually } from './batch.ts';
import type { Database, Row } from './database.ts';
import { explained, isLockTimeout, isLostRace, mayBeOneRow } from './faults.ts';
import type { Names } from './names.ts';
import { unpacked } from './row-formats.ts';
import { type ClaimPolicy, claim, claimParams, claimUnlocked } from './sql/claim.ts';
import { type Extent, extentOf } from './sql/items.ts';
import { readParams, read as readSql, withheldBytes } from './sql/read.ts';
import { type Renewal, renew, renewParams } from './sql/renew.ts';
import { type Ending, settle, settleKnown, settleParams } from './sql/settle.ts';

/**
 * Statements as the store sends them. An answer of undefined: no such row was read or changed. With a
 * signal, what has to wait for its turn is not sent any more once the signal has aborted.
 */
export interface Requests {
  /** Any single statement. */
  one(text: string, params: unknown[]): Promise<Row | undefined>;
  all(text: string, params: unknown[]): Promise<readonly Row[]>;
  read(id: string, asked?: Asked): Promise<Row | undefined>;
  /** Passes by a record that somebody has locked, where it shares a statement with other claims. */
  claim(claim: Claim, policy: ClaimPolicy, asked?: Asked): Promise<Row | undefined>;
  /** Waits for the lock, in a statement of its own. */
  claimAlone(claim: Claim, policy: ClaimPolicy, asked?: Asked): Promise<Row | undefined>;
  settle(ending: Ending, asked?: Asked): Promise<Row | undefined>;
  /** Of a claim of this process: answers only the times. */
  settleKnown(ending: Ending, asked?: Asked): Promise<Row | undefined>;
  /** What a settlement that changed nothing has to know. */
  readBack(id: string): Promise<Row | undefined>;
  renew(renewal: Renewal, asked?: Asked): Promise<Row | undefined>;
}

/** How somebody asks; its signal is only looked at where he has to wait. */
export type Asked = Pick<StoreOptions, 'signal'> | undefined;

export function isGivenUp(asked: Asked): boolean {
  return asked?.signal?.aborted === true;
}

export interface RequestsOptions {
  readonly timeoutMs: number;
  readonly notify: boolean;
}

const mostItems = 128;
const maxBytes = 1 << 20;
/** Of one kind; more would not be answered before they are given up. */
const maxWaiting = 100_000;
const maxWaitingBytes = 128 << 20;
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
    claim: { one: claim(names), many: claimUnlocked(names) },
    read: {
      one: readSql(names, 'one'),
      many: readSql(names, 'many'),
    },
    renew: textsOf((extent, waits) => renew(names, extent, waits)),
    settle: textsOf((extent, waits) => settle(names, notify, extent, waits)),
    settleKnown: textsOf((extent, waits) => settleKnown(names, notify, extent, waits)),
  };

  const send = async (
    text: string,
    params: unknown[],
    { rows = 1, urgent = false, frequent = false } = {},
  ): Promise<readonly Row[]> => {
    for (let tried = 1; ; tried += 1) {
      try {
        return await database.query(text, params, { urgent, frequent });
      } catch (error) {
        if (rows === 1 && isLostRace(error) && tried < triesOfLostRace) continue;
        throw rows > 1 && mayBeOneRow(error) ? error : explained(error, names, urgent);
      }
    }
  };
  const query = (text: string, params: unknown[]) => send(text, params);

  // A row that is locked for longer than this is worth an error that says so, before the timeout.
  const lockTimeout = (items: number) =>
    String(items > 1 ? batchLockTimeoutMs : Math.ceil(timeoutMs / 2));

  const batch = <Item>(
    keyOf: (item: Item) => string,
    statement: (items: readonly [Item, ...Item[]]) => readonly [string, unknown[]],
    bytesOf: (item: Item) => number,
    {
      urgent = false,
      maxItems = mostItems,
      isShared = false,
      unlocked,
      whole,
    }: BatchKind<Item> = {},
  ): Batch<Item, Row | undefined> =>
    createBatch<Item, Row | undefined>({
      keyOf,
      bytesOf,
      maxItems,
      maxBytes,
      maxRequests,
      isShared,
      maxWaiting,
      maxWaitingBytes,
      isSeparable: mayBeOneRow,
      whenFull: () => whenFull(urgent),
      passBy: unlocked && {
        isDueTo: isLockTimeout,
        async send(items) {
          const [text, params] = unlocked(items);
          return inOrderOf(
            items.map(keyOf),
            await send(text, params, { rows: items.length, urgent }),
          );
        },
      },
      async send(items, askers) {
        const [text, params] = statement(items as readonly [Item, ...Item[]]);
        const packed = await send(text, params, { rows: items.length, urgent, frequent: true });
        const rows =
          items.length === 1 ? packed.map(unpacked) : inOrderOf(items.map(keyOf), packed);
        return whole ? items.map((item, at) => whole(rows[at], item, askers[at]!)) : rows;
      },
    });

  // Whoever asks before it is sent has the same answer; from then on it may be older than his call.
  const readMany = batch<string>(
    (id) => id,
    (ids) => [sql.read[extentOf(ids)], readParams(ids, maxBytes)],
    (id) => id.length,
    {
      isShared: true,
      whole(row, id, asker) {
        const bytes = row && withheldBytes(row);
        return bytes === undefined ? row : readLarge({ id, bytes }, () => asker.isUnwanted);
      },
    },
  );
  const readLarge = batch<LargeOutcome>(
    ({ id }) => id,
    (rows) => [sql.read[extentOf(rows)], readParams(rows.map(({ id }) => id))],
    ({ bytes }) => 2 * bytes,
  );

  const claimMany = new Map<string, Batch<Claim, Row | undefined>>();
  const claimBatch = (policy: ClaimPolicy): Batch<Claim, Row | undefined> => {
    const key = `${policy.abandoned} ${policy.paused} ${policy.settlesOnly}`;
    let found = policy.supersedes === undefined ? claimMany.get(key) : undefined;
    if (!found) {
      found = batch<Claim>(
        ({ id }) => id,
        (claims) => {
          const text = sql.claim[extentOf(claims)];
          const sorted = claims.toSorted(byId);
          return [text, claimParams(sorted, policy, lockTimeout(claims.length))];
        },
        bytesOfClaim,
      );
      if (policy.supersedes === undefined) claimMany.set(key, found);
    }
    return found;
  };

  const claimAlone = batch<LoneClaim>(
    ({ claim }) => claim.id,
    ([{ claim, policy }]) => [sql.claim.one, claimParams([claim], policy, lockTimeout(1))],
    ({ claim }) => bytesOfClaim(claim),
    { maxItems: 1 },
  );

  const settleBatch = (text: Texts): Batch<Ending, Row | undefined> => {
    const params = (endings: readonly Ending[]) =>
      settleParams(endings, lockTimeout(endings.length));
    return batch<Ending>(
      ({ id }) => id,
      (endings) => [text[extentOf(endings)], params(endings)],
      ({ id, outcomeHex, errorMessage }) => sizeOf(id, outcomeHex, errorMessage),
      { urgent: true, unlocked: (endings) => [text.unlocked, params(endings)] },
    );
  };
  const settleMany = settleBatch(sql.settle);
  const settleManyKnown = settleBatch(sql.settleKnown);
  const renewals = (of: readonly Renewal[]) => renewParams(of, lockTimeout(of.length));
  const renewMany = batch<Renewal>(
    ({ id }) => id,
    (given) => [sql.renew[extentOf(given)], renewals(given)],
    ({ id }) => id.length,
    { urgent: true, unlocked: (given) => [sql.renew.unlocked, renewals(given)] },
  );
  const unless = (asked: Asked) => asked && (() => isGivenUp(asked));

  return {
    all: query,
    one: async (text, params) => (await query(text, params))[0],
    read: (id, asked) => readMany(id, unless(asked)),
    claim: (item, policy, asked) => claimBatch(policy)(item, unless(asked)),
    claimAlone: (item, policy, asked) => claimAlone({ claim: item, policy }, unless(asked)),
    settle: (ending, asked) => settleMany(ending, unless(asked)),
    settleKnown: (ending, asked) => settleManyKnown(ending, unless(asked)),
    async readBack(id) {
      const [row] = await send(sql.read.one, readParams([id]), {
        urgent: true,
        frequent: true,
      });
      return row && unpacked(row);
    },
    renew: (renewal, asked) => renewMany(renewal, unless(asked)),
  };
}

/** `unlocked` are as many, but for those that somebody has locked. */
type Texts = Readonly<Record<Extent | 'unlocked', string>>;

function textsOf(text: (extent: Extent, waits?: boolean) => string): Texts {
  return { one: text('one'), many: text('many'), unlocked: text('many', false) };
}

interface BatchKind<Item> {
  readonly urgent?: boolean;
  readonly maxItems?: number;
  readonly isShared?: boolean;
  /** The same statement, but for items that somebody has locked. */
  readonly unlocked?: (items: readonly Item[]) => readonly [string, unknown[]];
  /** The whole answer, where the row is not. */
  readonly whole?: (row: Row | undefined, item: Item, asker: Asker) => Eventually<Row | undefined>;
}

interface LoneClaim {
  readonly claim: Claim;
  readonly policy: ClaimPolicy;
}

interface LargeOutcome {
  readonly id: string;
  readonly bytes: number;
}

function inOrderOf(ids: readonly string[], packed: readonly Row[]): (Row | undefined)[] {
  const byId = new Map<unknown, Row>();
  for (const each of packed) {
    const row = unpacked(each);
    byId.set(row.id, row);
  }
  return ids.map((id) => byId.get(id));
}

/** A settlement or renewal finds its place later; a claim is refused, as in any outage. */
function whenFull(isClaimed: boolean): Error {
  const message = `${maxWaiting} requests of this process, or ${maxWaitingBytes >> 20} MiB of them, wait for Postgres already`;
  if (isClaimed) return new Error(message);
  return new IdempotencyError('STORE_UNAVAILABLE', `${message}; let callers come more slowly`);
}

function byId(a: Claim, b: Claim): number {
  return a.id < b.id ? -1 : 1;
}

function bytesOfClaim(claim: Claim): number {
  const { id, scope, fingerprint, keyPreview, inputPreview, traceparent } = claim;
  return sizeOf(id, scope, fingerprint, keyPreview, inputPreview, traceparent);
}

function sizeOf(...texts: readonly (string | undefined)[]): number {
  let size = 0;
  for (const text of texts) size += text?.length ?? 0;
  return size;
}
