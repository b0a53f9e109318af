import {
  type Acquisition,
  type AtOnce,
  type Claim,
  recordVersion,
  type Settlement,
  type Store,
  type StoredRecord,
} from '@twiceproof/core';
import { LogicTable } from './logic-table.ts';
import { copied, RecordTable, type Request } from './record-table.ts';

export const kinds = ['memory', 'redis', 'postgres', 'dynamodb', 'mysql', 'sqlite'] as const;
export type Kind = (typeof kinds)[number];

/** What a request is for. */
export type Purpose = 'claim' | 'settle' | 'renew' | 'write' | 'read';

/** Takes one step at the server: what it answers comes back, or a fault does, or nothing. */
export type Send = <Answer>(step: () => Answer, what: Purpose) => Promise<Answer>;

/** What a store knows of the world. */
export interface Surroundings {
  readonly table: RecordTable;
  readonly send: Send;
  /** The server's clock. */
  readonly now: () => number;
  /** Milliseconds by which the clock of this process is off, for stores that trust it. */
  readonly skewMs: () => number;
  /** Whether a store in this process answers without a promise, too. */
  readonly isAtOnce?: boolean | undefined;
}

/** Milliseconds that the clocks of two processes are apart at most, where a store trusts them. */
export const clocksApartMs = 50;
/** More than that, for stores whose server has none to ask. */
export const marginMs = 60;

type Claiming = (around: Surroundings, by: () => Request) => Store['acquire'];

/** The server's clock decides, when the step is taken there. */
function byServer({ now }: Surroundings): () => Request {
  return () => ({ now: now(), skewMs: 0, marginMs: 0 });
}

/** The client's clock decides, as it was when the request was sent. */
function byClient({ now, skewMs }: Surroundings): () => Request {
  const sent = { now: now() + skewMs(), skewMs: skewMs(), marginMs };
  return () => sent;
}

/** One step that decides everything. */
const inOneStep: Claiming =
  ({ table, send }, by) =>
  (claim) =>
    send(() => table.claim(claim, by()), 'claim');

/** A native command claims what is free and reads what is not; a script takes over. */
const byCommandThenScript: Claiming =
  ({ table, send }, by) =>
  async (claim, options) => {
    const answer = await send((): Acquisition | undefined => {
      const row = table.counting(claim.id, by());
      const isForScript = row && (row.token === claim.token || table.isClaimable(row, claim, by()));
      return isForScript ? undefined : table.claim(claim, by());
    }, 'claim');
    if (answer) return answer;
    // As the stores do: of what was given up nothing more is sent.
    options?.signal?.throwIfAborted();
    return send(() => table.claim(claim, by()), 'claim');
  };

/** A query answers replays; a claim is an upsert, and where that changed nothing another query. */
const byQueryThenUpsert: Claiming = ({ table, send }, by) => {
  const query = (id: string) =>
    send(() => {
      const row = table.counting(id, by());
      return row && { record: copied(row), leaseRemainingMs: table.leaseLeft(row, by()) };
    }, 'read');
  return async (claim, options) => {
    for (let tries = 0; tries < 5; tries++) {
      const found = await query(claim.id);
      if (found?.record.status === 'completed' && claim.supersedes === undefined) {
        return { status: 'existing', ...found };
      }
      options?.signal?.throwIfAborted();
      const written = await send(() => {
        const answer = table.claim(claim, by());
        return answer.status === 'acquired' ? answer : undefined;
      }, 'claim');
      if (written) return written;
      const refused = await query(claim.id);
      if (refused?.record.token === claim.token && refused.record.status === 'in_progress') {
        return { status: 'acquired', ...refused };
      }
      if (refused) return { status: 'existing', ...refused };
    }
    throw new Error('claimed and gone too often');
  };
};

/** A lost race is looked at again; so many at once are a defect. */
const mostRaces = 100;

/** A statement reads the row, and what becomes of it is written by another if the row is still the same. */
const inTwoSteps =
  ({ table, send }: Surroundings) =>
  async <Answer>(
    id: string,
    what: Purpose,
    by: () => Request,
    signal: AbortSignal | undefined,
    decide: (by: Request) => Answer,
    fromRead?: (row: StoredRecord | undefined, by: Request) => Answer | undefined,
  ): Promise<Answer> => {
    for (let races = 0; races < mostRaces; races++) {
      const read = await send(() => ({ row: table.rows.get(id), by: by() }), 'read');
      const answer = fromRead?.(read.row, read.by);
      if (answer !== undefined) return answer;
      // Given up, it takes its connection with it: nothing more is sent.
      signal?.throwIfAborted();
      // What an owner writes asks the server's time once more: it may have been on its way for long.
      const isOwners = what === 'settle' || what === 'renew';
      const isOver = (): boolean =>
        table.counting(id, read.by) !== undefined && table.counting(id, by()) === undefined;
      const isSame = (): boolean => table.rows.get(id) === read.row && !(isOwners && isOver());
      const written = await send(() => (isSame() ? { answer: decide(read.by) } : undefined), what);
      if (written) return written.answer;
      signal?.throwIfAborted();
    }
    throw new Error('every write was overtaken by another one');
  };

/** What the row says that was read needs no second statement. */
const byReadThenWrite: Claiming = (around, by) => {
  const { table } = around;
  const change = inTwoSteps(around);
  const claiming = (claim: Claim) => (at: Request) => table.claim(claim, at);
  return (claim, options) =>
    change(claim.id, 'claim', by, options?.signal, claiming(claim), (row, at) =>
      table instanceof LogicTable ? table.look(row, claim, at) : undefined,
    );
};

/** One process, and no network. */
const claiming: Readonly<Record<Kind, Claiming>> = {
  memory: inOneStep,
  redis: byCommandThenScript,
  postgres: byQueryThenUpsert,
  dynamodb: inOneStep,
  mysql: byReadThenWrite,
  // A look that changes nothing saves the lock; what is written is judged again under it.
  sqlite: inOneStep,
};

/** The server of a store of this kind. */
export function tableOf(kind: Kind): RecordTable {
  return kind === 'mysql' || kind === 'sqlite' ? new LogicTable() : new RecordTable();
}

/** How a store of this kind speaks with its server. */
export function protocolOf(kind: Kind, around: Surroundings): Store {
  const { table, send } = around;
  // A store that trusts the client's clock reads it when it sends.
  const asked = (): (() => Request) => (kind === 'dynamodb' ? byClient(around) : byServer(around));
  const inTwo = inTwoSteps(around);
  const change = <Answer>(
    id: string,
    what: Purpose,
    signal: AbortSignal | undefined,
    decide: (by: Request) => Answer,
  ): Promise<Answer> => {
    const by = asked();
    return kind === 'mysql' ? inTwo(id, what, by, signal, decide) : send(() => decide(by()), what);
  };
  /** By token: when an end was first asked for that has no answer yet. */
  const firstAsked = new Map<string, number>();
  const settle = async (
    id: string,
    token: string,
    signal: AbortSignal | undefined,
    decide: (by: Request) => Settlement,
  ): Promise<Settlement> => {
    if (kind !== 'dynamodb') return change(id, 'settle', signal, decide);
    const by = asked()();
    const firstAskedAt = Math.min(by.now, firstAsked.get(token) ?? by.now);
    firstAsked.set(token, firstAskedAt);
    const answer = await send(() => decide({ ...by, firstAskedAt }), 'settle');
    firstAsked.delete(token);
    return answer;
  };
  const store: Store = {
    name: kind,
    limits: { maxRecordBytes: 64 * 1024 },
    acquire: (claim, options) => claiming[kind](around, asked())(claim, options),
    renew: (id, token, leaseMs, options) =>
      change(id, 'renew', options?.signal, (by) => table.renew(id, token, leaseMs, by)),
    complete: (id, token, outcome, options) =>
      settle(id, token, options?.signal, (by) => table.complete(id, token, outcome, by)),
    release: (id, token, failure, options) =>
      settle(id, token, options?.signal, (by) => table.release(id, token, failure, by)),
    get(id) {
      const by = asked();
      return send((): StoredRecord | undefined => {
        const row = table.counting(id, by());
        return row && copied(row);
      }, 'read');
    },
    delete: (id, options) =>
      change(id, 'write', options?.signal, (by) => table.remove(id, options?.version, by)),
    extend: (id, retentionMs, options) =>
      change(id, 'write', options?.signal, (by) =>
        table.extend(id, retentionMs, options?.version, by),
      ),
    list: ({ workflow }) => {
      const by = asked();
      return send(
        () => ({
          records: [...table.rows.values()].filter(
            (row) => !table.isExpired(row, by()) && row.workflow === workflow,
          ),
        }),
        'read',
      );
    },
  };
  return around.isAtOnce ? { ...store, atOnce: atOnceOf(store, around) } : store;
}

/** What is kept in this process is answered without a promise. */
function atOnceOf(of: Store, around: Surroundings): AtOnce {
  const { table } = around;
  const by = byServer(around);
  return {
    of,
    look(id, _options, seen) {
      const row = table.counting(id, by());
      if (row?.status !== 'completed') return undefined;
      return seen && recordVersion(seen) === recordVersion(row) ? seen : copied(row);
    },
    acquire: (claim) => table.claim(claim, by()),
    complete: (id, token, outcome) => table.complete(id, token, outcome, by()),
  };
}
