import { IdempotencyError } from '@twiceproof/core';

/** Number that MySQL and MariaDB give an error, undefined for errors of the network. */
function numberOf(error: unknown): number | undefined {
  const { errno, sqlState } = error as { readonly errno?: number; readonly sqlState?: string };
  return sqlState === undefined ? undefined : errno;
}

/** A row with this id has come in between. */
export function isDuplicate(error: unknown): boolean {
  return numberOf(error) === 1062;
}

/** Deadlock, or a lock that somebody holds: the statement did nothing, and may be sent again. */
export function isLostRace(error: unknown): boolean {
  const number = numberOf(error);
  return number === 1213 || number === 1205;
}

/** The statement was refused for what this connection leads to: since a failover, a server that may only be
 * read. It did nothing, and another connection may serve it. */
export function isWrongServer(error: unknown): boolean {
  return [1290, 1792, 1836].includes(numberOf(error) ?? 0);
}

/** After any other error nobody knows what the connection leads to, or what it still does. */
export function leavesConnectionUsable(error: unknown): boolean {
  return isDuplicate(error) || isLostRace(error);
}

/** What can be done about an error. Where trying again cannot help it is `STORE_UNAVAILABLE`; otherwise it
 * stays an ordinary error, which core answers by trying again. */
export function explained(error: unknown, table: string): unknown {
  if (!(error instanceof Error) || error instanceof IdempotencyError) return error;
  const cure = cures[numberOf(error) ?? 0]?.(table);
  if (cure) return new IdempotencyError('STORE_UNAVAILABLE', cure, { cause: error });
  const hint = hints[numberOf(error) ?? (error as NodeJS.ErrnoException).code ?? ''];
  return hint ? new Error(`${hint} (${error.message})`, { cause: error }) : error;
}

const runSetup = (table: string) =>
  `the table ${table} is missing or another one; run store.setup() once before the first call`;
const grant = (table: string) =>
  `the user lacks a right; grant it SELECT, INSERT, UPDATE and DELETE on ${table}, and CREATE for setup()`;
const login = () => 'the server refuses the login; check user, password and host of the pool';

const cures: Readonly<Record<number, (table: string) => string>> = {
  1044: grant,
  1045: login,
  1142: grant,
  1143: grant,
  1049: () => 'the database does not exist; create it, or correct the name that the pool was given',
  1054: runSetup,
  1146: runSetup,
  1153: () =>
    'max_allowed_packet of the server is smaller than this record; raise it, or lower maxRecordBytes',
};

const readOnly =
  'the server may only be read; point the pool at the primary, and check read_only and transaction_read_only';
const unreachable = 'the server cannot be reached; check host and port, and whether it runs';

const hints: Readonly<Record<string | number, string>> = {
  1040: 'the server has no connection left; make the pools smaller or raise max_connections',
  1053: 'the server is being stopped; start it again',
  1205: 'another transaction holds the record; check that nothing else locks rows of the table',
  1213: 'deadlocks ended every try; check that nothing else locks rows of the table',
  1290: readOnly,
  1792: readOnly,
  1836: readOnly,
  ECONNREFUSED: unreachable,
  EHOSTUNREACH: unreachable,
  ETIMEDOUT: unreachable,
  ENOTFOUND: 'the host of the server cannot be resolved; check its name',
};
