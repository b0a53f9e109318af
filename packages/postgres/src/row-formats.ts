import type { Row } from './database.ts';
import { now } from './sql/clock.ts';

/**
 * How the columns of records are answered: packed into one text, because a driver takes longer over
 * each of some thirty columns than over all the rest of a replay. What is written here in SQL is read
 * here.
 */

/** Between two columns. */
const separator = '\x1f';
/** Before what stands for itself or for a separator within a text. */
const escaping = '\x1e';

/** A record that is called `t`. `outcome` is an expression for its bytes in hexadecimal. */
export function packedRecord(t: string, outcome = `encode(${t}.outcome, 'hex')`): string {
  const columns = [
    text(`${t}.id`),
    text(`${t}.environment`),
    text(`${t}.operation`),
    number(`${t}.run`),
    text(`${t}.scope`),
    text(`${t}.status`),
    text(`${t}.token`),
    number(`${t}.fence`),
    number(`${t}.attempt`),
    text(`${t}.fingerprint`),
    text(`${t}.workflow`),
    text(`${t}.input_digest`),
    number(`${t}.created_at`),
    number(`${t}.started_at`),
    number(`${t}.lease_until`),
    number(`${t}.completed_at`),
    number(`${t}.expires_at`),
    number(`${t}.copy_until`),
    text(`${t}.key_preview`),
    text(`${t}.input_preview`),
    number(`octet_length(${t}.outcome)`),
    text(`${t}.error_name`),
    text(`${t}.error_message`),
    text(`${t}.settled_by`),
    text(`${t}.settled_reason`),
    text(`${t}.traceparent`),
    number(`${t}.format_version`),
    present(outcome),
    number(`(SELECT ${now})`),
  ];
  return `${packed(columns)} AS record`;
}

function readRecord(record: string): Row {
  const parts = partsOf(record);
  return {
    id: readText(parts[0]),
    environment: readText(parts[1]),
    operation: readText(parts[2]),
    run: readNumber(parts[3]),
    scope: readText(parts[4]),
    status: readText(parts[5]),
    token: readText(parts[6]),
    fence: readNumber(parts[7]),
    attempt: readNumber(parts[8]),
    fingerprint: readText(parts[9]),
    workflow: readText(parts[10]),
    input_digest: readText(parts[11]),
    created_at: readNumber(parts[12]),
    started_at: readNumber(parts[13]),
    lease_until: readNumber(parts[14]),
    completed_at: readNumber(parts[15]),
    expires_at: readNumber(parts[16]),
    copy_until: readNumber(parts[17]),
    key_preview: readText(parts[18]),
    input_preview: readText(parts[19]),
    outcome_bytes: readNumber(parts[20]),
    error_name: readText(parts[21]),
    error_message: readText(parts[22]),
    settled_by: readText(parts[23]),
    settled_reason: readText(parts[24]),
    traceparent: readText(parts[25]),
    format_version: readNumber(parts[26]),
    outcome: readText(parts[27]),
    now: readNumber(parts[28]),
  };
}

/** What whoever claimed `held` does not know: what the server drew and its clock decided. */
export const packedClaim: string = `${packed([
  text('held.id'),
  number('held.fence'),
  number('held.attempt'),
  number('held.created_at'),
  number('held.started_at'),
  number('held.lease_until'),
  number('held.expires_at'),
  number(now),
])} AS claimed`;

function readClaim(claimed: string): Row {
  const parts = partsOf(claimed);
  return {
    id: readText(parts[0]),
    fence: readNumber(parts[1]),
    attempt: readNumber(parts[2]),
    created_at: readNumber(parts[3]),
    started_at: readNumber(parts[4]),
    lease_until: readNumber(parts[5]),
    expires_at: readNumber(parts[6]),
    now: readNumber(parts[7]),
  };
}

/** What whoever settled or renewed his own claim of `held` does not know. */
export const packedTimes: string = `${packed([
  text('held.id'),
  number('held.lease_until'),
  number('held.completed_at'),
  number('held.expires_at'),
  number(now),
])} AS times`;

function readTimes(times: string): Row {
  const parts = partsOf(times);
  return {
    id: readText(parts[0]),
    lease_until: readNumber(parts[1]),
    completed_at: readNumber(parts[2]),
    expires_at: readNumber(parts[3]),
    now: readNumber(parts[4]),
  };
}

/** The columns of a row that may be packed; what else it has is not answered. */
export function unpacked(row: Row): Row {
  if (typeof row.record === 'string') return readRecord(row.record);
  if (typeof row.claimed === 'string') return readClaim(row.claimed);
  if (typeof row.times === 'string') return readTimes(row.times);
  return row;
}

function packed(columns: readonly string[]): string {
  return `concat_ws(chr(31), ${columns.join(', ')})`;
}

function number(expression: string): string {
  return `coalesce((${expression})::text, '')`;
}

/** A sign before it tells an empty text from none. */
function present(expression: string): string {
  return `coalesce('+' || ${expression}, '')`;
}

function text(expression: string): string {
  return present(
    `replace(replace(${expression}, chr(30), chr(30) || 'e'), chr(31), chr(30) || 's')`,
  );
}

function partsOf(packed: string): string[] {
  const parts = packed.split(separator);
  return packed.includes(escaping) ? parts.map(unescaped) : parts;
}

function unescaped(part: string): string {
  return part.replaceAll(`${escaping}s`, separator).replaceAll(`${escaping}e`, escaping);
}

function readText(part: string | undefined): string | null {
  return part ? part.slice(1) : null;
}

function readNumber(part: string | undefined): number | null {
  return part ? Number(part) : null;
}
