import type { Acquisition, Store, StoredRecord } from '@twiceproof/core';
import { copied, type RecordTable, type Request } from './record-table.ts';

export type Kind = 'memory' | 'redis' | 'postgres' | 'dynamodb';

/** Takes one step at the server: what it answers comes back, or a fault does, or nothing. */
export type Send = <Answer>(
  step: () => Answer,
  what: 'claim' | 'write' | 'read',
) => Promise<Answer>;

/** What a store knows of the world. */
export interface Surroundings {
  readonly table: RecordTable;
  readonly send: Send;
  /** The server's clock. */
  readonly now: () => number;
  /** Milliseconds by which the clock of this process is off, for stores that trust it. */
  readonly skewMs: () => number;
}

/** Beyond what two clocks may be apart, for stores whose server has none to ask. */
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
  async (claim) => {
    const answer = await send((): Acquisition | undefined => {
      const row = table.counting(claim.id, by());
      const isForScript = row && (row.token === claim.token || table.isClaimable(row, claim, by()));
      return isForScript ? undefined : table.claim(claim, by());
    }, 'claim');
    return answer ?? send(() => table.claim(claim, by()), 'claim');
  };

/** A query answers replays; a claim is an upsert, and where that changed nothing another query. */
const byQueryThenUpsert: Claiming = ({ table, send }, by) => {
  const query = (id: string) =>
    send(() => {
      const row = table.counting(id, by());
      return row && { record: copied(row), leaseRemainingMs: table.leaseLeft(row, by()) };
    }, 'read');
  return async (claim) => {
    for (let tries = 0; tries < 5; tries++) {
      const found = await query(claim.id);
      if (found?.record.status === 'completed' && claim.supersedes === undefined) {
        return { status: 'existing', ...found };
      }
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

/** One process, and no network. */
const claiming: Readonly<Record<Kind, Claiming>> = {
  memory: inOneStep,
  redis: byCommandThenScript,
  postgres: byQueryThenUpsert,
  dynamodb: inOneStep,
};

/** How a store of this kind speaks with its server. */
export function protocolOf(kind: Kind, around: Surroundings): Store {
  const { table, send } = around;
  // A store that trusts the client's clock reads it when it sends.
  const asked = (): (() => Request) => (kind === 'dynamodb' ? byClient(around) : byServer(around));
  return {
    name: kind,
    limits: { maxRecordBytes: 64 * 1024 },
    acquire: (claim) => claiming[kind](around, asked())(claim),
    renew(id, token, leaseMs) {
      const by = asked();
      return send(() => table.renew(id, token, leaseMs, by()), 'write');
    },
    complete(id, token, outcome) {
      const by = asked();
      return send(() => table.complete(id, token, outcome, by()), 'write');
    },
    release(id, token, failure) {
      const by = asked();
      return send(() => table.release(id, token, failure, by()), 'write');
    },
    get(id) {
      const by = asked();
      return send((): StoredRecord | undefined => {
        const row = table.counting(id, by());
        return row && copied(row);
      }, 'read');
    },
    delete(id, options) {
      const by = asked();
      return send(() => table.remove(id, options?.version, by()), 'write');
    },
    extend(id, retentionMs, options) {
      const by = asked();
      return send(() => table.extend(id, retentionMs, options?.version, by()), 'write');
    },
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
}
