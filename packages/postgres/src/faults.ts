import { IdempotencyError } from '@twiceproof/core';
import { InDoubt } from './deadline.ts';
import type { Names } from './names.ts';

/** What drivers attach to an error that the server reported. */
export interface ServerError extends Error {
  /** SQLSTATE */
  readonly code: string;
  readonly severity: string;
}

/** The severity tells it from an error of the socket: `EPIPE` would pass for an SQLSTATE. */
export function isServerError(error: unknown): error is ServerError {
  if (!(error instanceof Error)) return false;
  const { code, severity } = error as Partial<ServerError>;
  return typeof code === 'string' && code.length === 5 && typeof severity === 'string';
}

/** The server reported the error, and the connection can serve others: nothing is in doubt. */
export function leavesConnectionUsable(error: unknown): boolean {
  return isServerError(error) && !endsSession(error) && !wrongServer.test(error.code);
}

/** The connection is gone, or nobody knows what it still does: not even a ROLLBACK is worth sending. */
export function isInDoubt(error: unknown): boolean {
  return error instanceof InDoubt || (isServerError(error) && endsSession(error));
}

/**
 * The statement was refused for what this connection leads to: a server that may only be read, after
 * a failover, or somebody's failed transaction. It did nothing, and another connection may serve it.
 */
export function didNothingHere(error: unknown): boolean {
  return isServerError(error) && /^25(?:006|P02)$/.test(error.code);
}

/**
 * A statement of that name is not there, or is there already: the pooler between us and the server gives
 * each transaction another session. Nothing was done.
 */
export function isPreparationLost(error: unknown): boolean {
  return isServerError(error) && (error.code === '26000' || error.code === '42P05');
}

/** Read-only, a failed transaction, a broken connection behind a pooler, a server that ends or begins. */
const wrongServer = /^(?:25006|25P02|08|57P0)/;

function endsSession({ severity }: ServerError): boolean {
  return severity === 'FATAL' || severity === 'PANIC';
}

/** Serialization failure, deadlock: the statement did nothing, and may be sent again at once. */
export function isLostRace(error: unknown): boolean {
  return isServerError(error) && (error.code === '40001' || error.code === '40P01');
}

export function isLockTimeout(error: unknown): boolean {
  return isServerError(error) && error.code === '55P03';
}

/** A single row may be the cause: data, integrity, a limit, or a wait for somebody's lock. */
export function mayBeOneRow(error: unknown): boolean {
  if (!isServerError(error)) return false;
  return /^(?:22|23|54)/.test(error.code) || isLostRace(error) || isLockTimeout(error);
}

/**
 * The error that the caller gets. Where trying again cannot help it is `STORE_UNAVAILABLE` with the
 * cure; otherwise it stays an ordinary error, which core answers by trying again. With a claim in hand
 * trying again is always worth it: what is wrong now was right when the record was claimed.
 */
export function explained(error: unknown, names: Names, isClaimed = false): unknown {
  if (!(error instanceof Error) || error instanceof IdempotencyError) return error;
  const code = (error as { code?: unknown }).code;
  if (typeof code !== 'string') return error;
  const cure = cures[code]?.(names);
  if (cure && !isClaimed) return new IdempotencyError('STORE_UNAVAILABLE', cure, { cause: error });
  const hint = cure ?? hints[code];
  return hint ? new Error(`${hint} (${error.message})`, { cause: error }) : error;
}

const runSetup = ({ label }: Names) =>
  `the table ${label} is missing or older than this version; run store.setup() once before the first call, or apply what setupSql() answers`;
const checkCredentials = () =>
  'Postgres refused the login; check user, password and pg_hba.conf, and what the pool was given';

const cures: Readonly<Record<string, (names: Names) => string>> = {
  '42P01': runSetup,
  '42703': runSetup,
  '3F000': runSetup,
  '28000': checkCredentials,
  '28P01': checkCredentials,
  '3D000': () => 'the database does not exist; create it, or correct the name the pool was given',
  '42501': ({ label }) =>
    `the role lacks a right; grant it USAGE on the schema, SELECT, INSERT, UPDATE and DELETE on ${label} and ${label}_watchers, and USAGE on ${label}_fence`,
};

const hints: Readonly<Record<string, string>> = {
  '25006':
    'every connection is read-only; point the pool at the primary, not at a replica, and check default_transaction_read_only',
  '53100': 'the disk of the database is full; free space, then sweep() and VACUUM',
  '57P01': 'Postgres is being stopped; start it again',
  '57P02': 'Postgres has crashed and is starting again',
  '57P03': 'Postgres is starting, stopping or recovering',
  '40001':
    'other transactions got in the way of every try; check that nothing else writes to the table',
  '40P01': 'a deadlock ended every try; check that nothing else locks rows of the table',
  '55P03':
    'another transaction holds the record; it may be a transactional() execution that still runs, or somebody else’s lock on the table',
  '53300': 'Postgres has no connection left; make the pools smaller or raise max_connections',
  ECONNREFUSED: 'Postgres cannot be reached; check host and port, and whether it runs',
  ENOTFOUND: 'the host of Postgres cannot be resolved; check its name',
  EHOSTUNREACH: 'Postgres cannot be reached; check the network',
  ETIMEDOUT: 'Postgres cannot be reached; check the network',
};
