import type { Acquisition, Claim, Settlement, Store } from '@twiceproof/core';
import { granted, judge } from './acquire.ts';
import type { PostgresQueryable } from './client.ts';
import type { Row } from './database.ts';
import { InDoubt, withinTimeout } from './deadline.ts';
import { didNothingHere, explained, isLockTimeout } from './faults.ts';
import { type OpenClaim, openClaim } from './open-claim.ts';
import type { StoreParts } from './postgres-store.ts';
import { unpacked } from './row-formats.ts';
import { checkClaim } from './sound-claim.ts';
import { claimOpen, claimParams, policyOf } from './sql/claim.ts';
import { drawFence } from './sql/draw-fence.ts';
import { lockRecord, lockRecordParams } from './sql/lock-record.ts';
import { readParams, read as readSql } from './sql/read.ts';
import { setSavepoint } from './sql/savepoint.ts';
import { settleOwn } from './sql/settle.ts';
import { isPaused } from './store-context.ts';

export interface TransactionalStore {
  readonly store: Store;
  /** The transaction of an execution that is under way. */
  transactionOf(id: string, fence: number): Pick<OpenClaim, 'tx' | 'cutOff'> | undefined;
}

const maxTurns = 30;
/** Connections of the pool that may lead to what is a replica now. */
const mostWrongServers = 20;
const rolledBack = Symbol('rolled back');

/**
 * A store whose claim opens a transaction, which the settlement ends. Duplicates wait for it at an
 * advisory lock on the record id; within this process they do so without a connection.
 */
export function createTransactionalStore(
  { store: plain, context }: StoreParts,
  { lockWaitMs, idleTimeoutMs }: { readonly lockWaitMs: number; readonly idleTimeoutMs: number },
): TransactionalStore {
  const { database, requests, names, notify, timeoutMs } = context;
  const sql = {
    claim: claimOpen(names),
    drawFence: drawFence(names),
    read: readSql(names, 'one'),
    settle: settleOwn(names, notify),
  };
  const byToken = new Map<string, OpenClaim>();
  const byExecution = new Map<string, OpenClaim>();
  /** Transactions of this process, waiting or open, by record id. */
  const underWay = new Map<string, Promise<unknown>>();

  const ask = async (
    tx: PostgresQueryable,
    text: string,
    params?: unknown[],
    waitMs = 0,
  ): Promise<Row[]> => {
    const asked = tx.query(text, params);
    const { rows } = await withinTimeout(asked, timeoutMs + waitMs, 'Postgres did not answer');
    return rows as Row[];
  };

  /** Answers the lock timeout that was in force before, and the process that serves the transaction. */
  const lock = async (tx: PostgresQueryable, id: string, waitMs: number) => {
    const [row] = await ask(tx, lockRecord, lockRecordParams(names.label, id, waitMs), waitMs);
    return { lockTimeout: String(row!.before), pid: Number(row!.pid) };
  };

  const claimIn = async (
    tx: PostgresQueryable,
    claim: Claim,
    paused: boolean,
    lockTimeout: string,
  ): Promise<{ readonly answer: Acquisition; readonly xact: string }> => {
    const policy = policyOf(claim, paused);
    // Others wait at the lock until this transaction ends: whoever comes next draws a higher one.
    const { fence } = await database.beside(tx, sql.drawFence);
    // The claims of a plain store take no advisory lock, so one may get in between.
    for (let turn = 0; turn < maxTurns; turn += 1) {
      const params = [...claimParams([claim], policy, lockTimeout), fence];
      const [row] = await ask(tx, sql.claim, params);
      if (row) return { answer: granted(unpacked(row), claim), xact: String(row.xact) };
      const [found] = await ask(tx, sql.read, readParams([claim.id]));
      const answer = found && judge(unpacked(found), claim, paused);
      if (answer) return { answer, xact: '' };
    }
    throw new Error(`claims of ${claim.id} kept overtaking each other; ask again`);
  };

  /** Keeps the transaction open until the claim is settled, or its lease is over. */
  const hold = async (open: OpenClaim): Promise<void> => {
    const { id, token, fence } = open.record;
    byToken.set(token, open);
    byExecution.set(executionKey(id, fence), open);
    try {
      if (await open.ending) return;
      // A ROLLBACK would wait for the answer that does not come; the end of the connection does the same.
      throw open.isBusy() ? new InDoubt('its lease was over') : rolledBack;
    } finally {
      byToken.delete(token);
      byExecution.delete(executionKey(id, fence));
    }
  };

  const openTransaction = (
    claim: Claim,
    paused: boolean,
    waitMs: number,
    isWanted: () => boolean,
  ): Promise<Acquisition> => {
    const { promise: answered, resolve, reject } = Promise.withResolvers<Acquisition>();
    const transaction: Promise<void> = database.transaction(async (tx) => {
      if (!isWanted()) throw rolledBack;
      const { lockTimeout, pid } = await lock(tx, claim.id, waitMs);
      const { answer, xact } = await claimIn(tx, claim, paused, lockTimeout);
      if (answer.status === 'existing') return resolve(answer);
      await ask(tx, setSavepoint);
      if (!isWanted()) throw rolledBack;
      const { sessionState, isWaitedFor } = database;
      const open = openClaim({
        record: answer.record,
        leaseMs: claim.leaseMs,
        tx,
        settleSql: sql.settle,
        lockTimeout,
        timeoutMs,
        xact,
        committed: () => transaction,
        sessionState: sessionState && (() => sessionState(pid)),
        idleTimeoutMs,
        isWaitedFor,
      });
      resolve(answer);
      await hold(open);
    });
    const over = transaction
      .catch((error: unknown) => {
        if (isLockTimeout(error)) resolve(held(claim));
        else if (error === rolledBack) reject(new Error(`${claim.id}: nobody waits any more`));
        else reject(error);
      })
      .finally(() => underWay.delete(claim.id));
    underWay.set(claim.id, over);
    return answered;
  };

  const acquire: Store['acquire'] = async (claim, asked) => {
    const mine = byToken.get(claim.token);
    if (await mine?.renew(claim.leaseMs)) {
      return { status: 'acquired', record: mine!.record, leaseRemainingMs: claim.leaseMs };
    }
    const paused = isPaused(context, asked);
    checkClaim(claim);
    const signal = asked?.signal;
    const endsAt = performance.now() + lockWaitMs;
    const leftMs = () => Math.max(0, endsAt - performance.now());
    for (let wrongServers = 0; ; ) {
      const rival = underWay.get(claim.id);
      if (rival) {
        const isOver = await withinTimeout(rival, leftMs(), 'it did not end').then(
          () => true,
          () => false,
        );
        if (!isOver) return held(claim);
      }
      const row = await requests.read(claim.id, asked);
      const answer = row && judge(row, claim, paused);
      if (answer) return answer;
      if (underWay.has(claim.id)) continue;
      try {
        return await openTransaction(claim, paused, leftMs(), () => signal?.aborted !== true);
      } catch (fault) {
        wrongServers += 1;
        if (wrongServers > mostWrongServers || !didNothingHere(fault))
          throw explained(fault, names);
      }
    }
  };

  const settle = async (
    id: string,
    token: string,
    settleOpen: (open: OpenClaim) => Promise<Settlement>,
    settlePlain: () => Promise<Settlement>,
  ): Promise<Settlement> => {
    const open = byToken.get(token);
    if (open) return settleOpen(open);
    // An earlier try may still be about to commit: it holds its lock until it has, or has not.
    await database.transaction((tx) => lock(tx, id, timeoutMs), { urgent: true });
    return settlePlain();
  };

  return {
    store: {
      ...plain,
      acquire,
      async renew(id, token, leaseMs, asked) {
        const open = byToken.get(token);
        if (!open) return plain.renew(id, token, leaseMs, asked);
        return (await open.renew(leaseMs)) ? { remainingMs: leaseMs } : undefined;
      },
      complete: (id, token, outcome, asked) =>
        settle(
          id,
          token,
          (open) => open.complete(outcome),
          () => plain.complete(id, token, outcome, asked),
        ),
      release: (id, token, failure, asked) =>
        settle(
          id,
          token,
          (open) => open.release(failure),
          () => plain.release(id, token, failure, asked),
        ),
    },
    transactionOf: (id, fence) => byExecution.get(executionKey(id, fence)),
  };
}

function executionKey(id: string, fence: number): string {
  return `${fence} ${id}`;
}

/** What stands for a record that only its own transaction can see. */
function held(claim: Claim): Acquisition {
  const { id, environment, operation, run, scope, fingerprint, workflow, inputDigest } = claim;
  const { keyPreview, inputPreview, traceparent, formatVersion, leaseMs } = claim;
  const identity = { id, environment, operation, run, scope, fingerprint, workflow, inputDigest };
  const startedAt = Date.now();
  return {
    status: 'existing',
    record: {
      ...identity,
      ...{ keyPreview, inputPreview, traceparent, formatVersion },
      status: 'in_progress',
      token: '',
      fence: 0,
      attempt: 1,
      createdAt: startedAt,
      startedAt,
      leaseUntil: startedAt + leaseMs,
    },
    leaseRemainingMs: leaseMs,
  };
}
