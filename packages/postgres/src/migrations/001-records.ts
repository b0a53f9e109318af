import type { Names } from '../names.ts';

/**
 * The table, its fence and its indexes. Completion and renewal change no indexed column, so that
 * Postgres can update in place (HOT): `sweep_at` is written by the claim, and changed later only where
 * that is far too late, and the fillfactor leaves room. It must be ample, because claims that share a
 * statement share pages, and their completions may share a statement again: of 128 at once, 85 % were HOT
 * at 50, and 31 % at 70.
 */
export function records(names: Names): readonly string[] {
  return [
    `CREATE SEQUENCE IF NOT EXISTS ${names.fence} AS bigint MAXVALUE ${Number.MAX_SAFE_INTEGER}`,
    `CREATE TABLE IF NOT EXISTS ${names.table} (
  id text COLLATE "C" PRIMARY KEY,
  environment text COLLATE "C" NOT NULL,
  operation text COLLATE "C" NOT NULL,
  scope text COLLATE "C",
  token text COLLATE "C" NOT NULL,
  fingerprint text COLLATE "C",
  workflow text COLLATE "C",
  input_digest text COLLATE "C",
  key_preview text,
  input_preview text,
  run bigint NOT NULL,
  fence bigint NOT NULL,
  created_at bigint NOT NULL,
  started_at bigint NOT NULL,
  sweep_at bigint,
  copy_until bigint,
  attempt integer NOT NULL,
  format_version integer NOT NULL,
  lease_until bigint NOT NULL,
  completed_at bigint,
  expires_at bigint,
  status text COLLATE "C" NOT NULL CHECK (status IN ('in_progress', 'completed', 'failed')),
  traceparent text COLLATE "C",
  error_name text,
  error_message text,
  settled_by text,
  settled_reason text,
  outcome bytea
) WITH (
  fillfactor = 50,
  autovacuum_vacuum_scale_factor = 0.05,
  autovacuum_analyze_scale_factor = 0.05
)`,
    `COMMENT ON TABLE ${names.table} IS
  'Idempotency records. Times are epoch milliseconds: to_timestamp(started_at / 1000.0)'`,
    `CREATE INDEX IF NOT EXISTS ${names.recentIndex} ON ${names.table} (started_at)`,
    `CREATE INDEX IF NOT EXISTS ${names.operationIndex}
  ON ${names.table} (environment, operation, started_at)`,
    `CREATE INDEX IF NOT EXISTS ${names.workflowIndex}
  ON ${names.table} (workflow, started_at) WHERE workflow IS NOT NULL`,
    `CREATE INDEX IF NOT EXISTS ${names.sweepIndex}
  ON ${names.table} (sweep_at) WHERE sweep_at IS NOT NULL`,
    `CREATE TABLE IF NOT EXISTS ${names.watchers} (
  one boolean PRIMARY KEY CHECK (one),
  until bigint NOT NULL
)`,
  ];
}
