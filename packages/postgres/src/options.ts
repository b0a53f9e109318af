import { type Duration, durationMs } from '@twiceproof/core';
import {
  checkCount,
  checkNames,
  checkOneOf,
  checkSwitch,
  invalidOption,
} from '@twiceproof/core/toolkit';
import type { PostgresClient } from './client.ts';
import { type Names, namesOf } from './names.ts';

export interface PostgresTableOptions {
  /** Created by `setup()` if it is missing. `public` unless given. */
  readonly schema?: string | undefined;
  /** `twiceproof_records` unless given. Upper and lower case differ. */
  readonly table?: string | undefined;
}

export interface PostgresStoreOptions extends PostgresTableOptions {
  /** A `Pool` of `pg`, or a PGlite instance. The store neither opens nor closes it. */
  readonly client: PostgresClient;
  /** How long a statement, and before it a free connection, is waited for. `'5s'` unless given. */
  readonly timeout?: Duration | undefined;
  /** Most bytes of an outcome. 16 MiB unless given; Postgres itself ends at 1 GiB, in hexadecimal. */
  readonly maxRecordBytes?: number | undefined;
  /** `'paused'`: `sweep` deletes nothing, and completed records past their retention go on counting. */
  readonly retirement?: 'on' | 'paused' | undefined;
  /** Wakes waiting callers by NOTIFY. `false`: they poll, as they do where nothing arrives. `true` unless given. */
  readonly notify?: boolean | undefined;
  /**
   * Whether heartbeats and settlements may use up to two connections of the store's own, made like the
   * pool's, which are opened only while the pool has none free, and closed when they idle. `false`: they
   * wait behind the application's own queries, and may come too late. `true` unless given.
   */
  readonly ownConnections?: boolean | undefined;
  /**
   * Whether the statements of the common path are prepared once per connection of `pg`, instead of being
   * planned with each call. Behind a pooler that loses what was prepared, the store notices and goes on
   * without. `false`: never, as for a proxy that keeps a connection to whoever prepares on it. `true` unless given.
   */
  readonly prepare?: boolean | undefined;
}

export interface CheckedOptions {
  readonly client: PostgresClient;
  readonly names: Names;
  readonly timeoutMs: number;
  readonly maxRecordBytes: number;
  readonly paused: boolean;
  readonly notify: boolean;
  readonly ownConnections: boolean;
  readonly prepare: boolean;
}

const known: readonly string[] = [
  'client',
  'schema',
  'table',
  'timeout',
  'maxRecordBytes',
  'retirement',
  'notify',
  'ownConnections',
  'prepare',
] satisfies readonly (keyof PostgresStoreOptions)[];
const mebibyte = 1 << 20;
/** A value may take 1 GiB, and hexadecimal takes two characters per byte. */
const largestRecordBytes = 256 * mebibyte;

export function checkOptions(options: PostgresStoreOptions): CheckedOptions {
  checkNames(options, known, 'postgresStore');
  const { client, timeout = '5s', maxRecordBytes = 16 * mebibyte } = options;
  const { retirement = 'on', notify = true } = options;
  const { ownConnections = true, prepare = true } = options;
  checkClient(client);
  checkCount(maxRecordBytes, 'maxRecordBytes', largestRecordBytes);
  checkOneOf(retirement, ['on', 'paused'], 'retirement');
  checkSwitch(notify, 'notify');
  checkSwitch(ownConnections, 'ownConnections');
  checkSwitch(prepare, 'prepare');
  return {
    client,
    names: tableNames(options),
    timeoutMs: durationMs(timeout, 'timeout'),
    maxRecordBytes,
    paused: retirement === 'paused',
    notify,
    ownConnections,
    prepare,
  };
}

export function tableNames({
  schema = 'public',
  table = 'twiceproof_records',
}: PostgresTableOptions): Names {
  return namesOf(schema, table);
}

function checkClient(client: Partial<PostgresClient & { connect: unknown }> | undefined): void {
  const isUsable =
    typeof client?.query === 'function' &&
    ('transaction' in client || typeof client.connect === 'function');
  if (!isUsable) {
    throw invalidOption('client is neither a Pool of pg nor a PGlite instance; give one');
  }
}
