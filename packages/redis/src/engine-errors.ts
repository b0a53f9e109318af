import { IdempotencyError } from '@twiceproof/core';
import { corrupt } from './corrupt.ts';

/** Faults that stay until somebody does something, by the first word of Redis's answer. */
const cures: Readonly<Record<string, string>> = {
  OOM: 'Redis is out of memory: raise maxmemory, shorten retention, and leave maxmemory-policy at noeviction',
  WRONGPASS: 'Redis refused the user name or the password: check those of the client',
  NOAUTH: 'Redis wants a password: give the client one (or the right one)',
  NOPERM:
    'the Redis user lacks a permission: it needs +@read +@write +@scripting +@connection +@pubsub +time +info on the keys and channels of the prefix',
  MISCONF:
    'Redis cannot persist to its disk and refuses writes: look at its log, free the disk, or fix the folder of its data',
  MOVED: 'this Redis belongs to a Cluster: connect with new Cluster([…]) of ioredis',
  CROSSSLOT: 'a key prefix with braces puts records into other slots: leave braces out',
};

/** Faults that pass: core tries these again. */
const passing: Readonly<Record<string, string>> = {
  READONLY:
    'this Redis is a read-only replica: connect to the master, best through Sentinel or Cluster, which follow a failover',
  LOADING: 'Redis is still loading its data: wait until it has',
  CLUSTERDOWN:
    'the Redis Cluster does not serve every slot: bring the missing master back, or add replicas that take over',
  MASTERDOWN: 'this replica lost its master: wait for the failover, or connect to the master',
  TRYAGAIN: 'the Redis Cluster is moving slots: try again',
  NOREPLICAS:
    'fewer replicas than min-replicas-to-write are connected: bring them back, or lower the setting',
  BUSY: 'Redis is busy with a script of somebody: wait, or end it with SCRIPT KILL',
};

/** What a Cluster says of a slot that is not where it was asked for, to a client that can follow. */
const elsewhere: readonly string[] = ['MOVED', 'ASK'];

/** Turns a fault of the client or the server into one that says what to do. */
export function engineError(error: unknown, recordId: string, isCluster = false): unknown {
  if (!(error instanceof Error)) return error;
  withoutPayload(error);
  const word = faultWord(error);
  if (word === 'WRONGTYPE') return corrupt(recordId, error);
  if (isCluster && elsewhere.includes(word)) {
    const hint = 'the Redis Cluster is moving slots, or a master of it is gone: try again';
    return new Error(`${hint} (${error.message})`, { cause: error });
  }
  const cure = cures[word] ?? cureOfVersion(error.message);
  if (cure !== undefined) return unavailable(cure, recordId, error);
  const hint = passing[word] ?? hintOfConnection(error);
  return hint === undefined ? error : new Error(`${hint} (${error.message})`, { cause: error });
}

/** The word that Redis begins its answer with, also where ioredis put something before it. */
export function faultWord({ message }: Error): string {
  return /(?:^|Error: )([A-Z]{3,})\b/.exec(message)?.[1] ?? '';
}

function unavailable(cure: string, recordId: string, cause: Error) {
  return new IdempotencyError('STORE_UNAVAILABLE', `${cure} (${cause.message})`, {
    recordId,
    cause,
  });
}

/** ioredis keeps the arguments of a failed command on its error: previews, outcomes. */
function withoutPayload(error: Error & { command?: { args?: unknown } }): void {
  if (error.command !== undefined) delete error.command.args;
}

function cureOfVersion(message: string): string | undefined {
  if (/^ERR (syntax error|Unknown Redis command)/i.test(message)) {
    return 'this Redis is too old: Twiceproof needs Redis 7.0 or Valkey';
  }
  return undefined;
}

function hintOfConnection(error: Error): string | undefined {
  const isLost =
    error.name === 'MaxRetriesPerRequestError' ||
    /Connection is closed|Command aborted|Stream isn't writeable|Cluster isn't ready|Failed to refresh slots cache|Cluster is ended|client is closed|Socket closed|ECONN|ETIMEDOUT/.test(
      error.message,
    );
  if (!isLost) return undefined;
  return 'there is no connection to Redis: check that it runs, and the host, the port and TLS of the client';
}
