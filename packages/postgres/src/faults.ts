import { IdempotencyError } from '@twiceproof/core';
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

/** The server reported the error and goes on serving the connection: nothing is in doubt. */
export function leavesConnectionUsable(error: unknown): boolean {
  return isServerError(error) && error.severity !== 'FATAL' && error.severity !== 'PANIC';
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
 * cure; otherwise it stays an ordinary error, which core answers by trying again.
 */
export function explained(error: unknown, names: Names): unknown {
  if (!(error instanceof Error) || error instanceof IdempotencyError) return error;
  const code = (error as { code?: unknown }).code;
  if (typeof code !== 'string') return error;
  const cure = cures[code];
  if (cure) return new IdempotencyError('STORE_UNAVAILABLE', cure(names), { cause: error });
  const hint = hints[code];
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
  '25006': () =>
    'this connection is read-only; point the pool at the primary, not at a replica, and check default_transaction_read_only',
  '53100': () => 'the disk of the database is full; free space, then sweep() and VACUUM',
};

const hints: Readonly<Record<string, string>> = {
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
