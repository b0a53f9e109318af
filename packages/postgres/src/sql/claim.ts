import type { Claim } from '@twiceproof/core';
import { storable, wholeMs } from '../array-literal.ts';
import type { Names } from '../names.ts';
import { packedClaim } from '../row-formats.ts';
import { stamp } from './clock.ts';
import { expired, isLive, version } from './conditions.ts';
import { type Extent, items, numbers, texts } from './items.ts';

/** What all claims of one statement have in common. */
export interface ClaimPolicy {
  readonly abandoned: 'reexecute' | 'hold';
  readonly paused: boolean;
  readonly supersedes: string | undefined;
  readonly settlesOnly: boolean;
}

export function policyOf(claim: Claim, paused: boolean): ClaimPolicy {
  const { abandoned, supersedes, settlesOnly = false } = claim;
  return { abandoned, paused, supersedes, settlesOnly };
}

/**
 * Claims one record if it is free. In: 15 columns of the claim, and the policy. Out: a row if it was
 * granted, with what the claim did not say.
 *
 * The WHERE of the INSERT looks first, without a lock: a claim that is refused for a record that is
 * already there writes nothing. The WHERE of the UPDATE decides, under the row's lock.
 */
export function claim(names: Names): string {
  return claimWith(names, { extent: 'one', fence: `nextval('${names.fence}')` });
}

/**
 * The same for several, in the order of their ids so that two statements never wait for each other. It passes
 * by records that somebody has locked: they keep no others waiting.
 */
export function claimUnlocked(names: Names): string {
  return claimWith(names, {
    extent: 'many',
    fence: `nextval('${names.fence}')`,
    isFree: `(
    SELECT true FROM ${names.table} AS held WHERE held.id = claim.id FOR UPDATE SKIP LOCKED
  ) IS TRUE`,
  });
}

/**
 * For a transaction that stays open, with a fence that was drawn outside of it: one drawn within would
 * be lost with it if the server crashed, and drawn again. In: one parameter more, the fence. Out: also
 * the number of the transaction.
 */
export function claimOpen(names: Names): string {
  return claimWith(names, {
    extent: 'one',
    fence: '$21::bigint',
    answered: ', pg_current_xact_id()::text AS xact',
  });
}

const columns = [
  ['id', 'text'],
  ['environment', 'text'],
  ['operation', 'text'],
  ['run', 'bigint'],
  ['scope', 'text'],
  ['token', 'text'],
  ['fingerprint', 'text'],
  ['key_preview', 'text'],
  ['input_preview', 'text'],
  ['traceparent', 'text'],
  ['workflow', 'text'],
  ['input_digest', 'text'],
  ['format_version', 'int'],
  ['lease_ms', 'bigint'],
  ['retention_ms', 'bigint'],
] as const;

interface ClaimParts {
  readonly extent: Extent;
  readonly fence: string;
  /** Of a record that gives way to the claim. */
  readonly isFree?: string;
  readonly answered?: string;
}

function claimWith(
  { table }: Names,
  { extent, fence, isFree = 'true', answered = '' }: ClaimParts,
): string {
  return `
INSERT INTO ${table} AS held (
  id, environment, operation, run, scope, token, fingerprint, key_preview, input_preview,
  traceparent, workflow, input_digest, format_version, status, attempt, fence, created_at, started_at, lease_until,
  expires_at, sweep_at
)
SELECT
  claim.id, claim.environment, claim.operation, claim.run, claim.scope, claim.token,
  claim.fingerprint, claim.key_preview, claim.input_preview, claim.traceparent,
  claim.workflow, claim.input_digest, claim.format_version, 'in_progress', 1, ${fence}, clock.stamp, clock.stamp,
  clock.stamp + claim.lease_ms, clock.stamp + claim.lease_ms + claim.retention_ms,
  clock.stamp + claim.lease_ms + claim.retention_ms
FROM
  (SELECT ${stamp} AS stamp, set_config('lock_timeout', $19, true)) AS clock,
  ${items(extent, 'claim', columns)}
WHERE CASE (SELECT (${isClaimable('claim')}) IS TRUE FROM ${table} AS held WHERE held.id = claim.id)
  WHEN true THEN ${isFree}
  WHEN false THEN false
  ELSE true
END
ON CONFLICT (id) DO UPDATE SET
  environment = excluded.environment, operation = excluded.operation, run = excluded.run,
  scope = excluded.scope, token = excluded.token, fingerprint = excluded.fingerprint,
  key_preview = excluded.key_preview, input_preview = excluded.input_preview,
  traceparent = excluded.traceparent, workflow = excluded.workflow,
  input_digest = excluded.input_digest, format_version = excluded.format_version,
  status = 'in_progress',
  fence = greatest(held.fence + 1, excluded.fence),
  (attempt, created_at, started_at, lease_until, expires_at, sweep_at) = (
    SELECT
      CASE WHEN ${expired('held', '$17')} THEN 1 WHEN $20::boolean THEN held.attempt
        ELSE held.attempt + 1 END,
      CASE WHEN ${expired('held', '$17')} THEN clock.stamp ELSE held.created_at END,
      clock.stamp, clock.stamp + (excluded.lease_until - excluded.started_at),
      clock.stamp + (excluded.expires_at - excluded.started_at),
      clock.stamp + (excluded.expires_at - excluded.started_at)
    FROM (SELECT ${stamp} AS stamp) AS clock
  ),
  copy_until = NULL, completed_at = NULL, outcome = NULL, error_name = NULL, error_message = NULL,
  settled_by = NULL, settled_reason = NULL
WHERE ${isClaimable('excluded')}
RETURNING ${packedClaim}${answered}`;
}

/** Whether \`held\` gives way to the claim. */
function isClaimable(claim: 'claim' | 'excluded'): string {
  return `CASE
    WHEN ${expired('held', '$17')} THEN true
    WHEN held.copy_until IS NOT NULL THEN false
    WHEN held.fingerprint <> ${claim}.fingerprint THEN false
    WHEN held.status = 'in_progress' AND held.token = ${claim}.token THEN false
    WHEN ${isLive('held')} THEN false
    WHEN $18::text IS NOT NULL THEN ${version('held')} = $18
    WHEN held.status = 'in_progress' THEN $16::boolean
    ELSE held.status = 'failed'
  END`;
}

export function claimParams(
  claims: readonly Claim[],
  { abandoned, paused, supersedes, settlesOnly }: ClaimPolicy,
  lockTimeout: string,
): unknown[] {
  return [
    texts(claims, (claim) => claim.id),
    texts(claims, (claim) => claim.environment),
    texts(claims, (claim) => claim.operation),
    numbers(claims, (claim) => claim.run),
    texts(claims, (claim) => claim.scope),
    texts(claims, (claim) => claim.token),
    texts(claims, (claim) => claim.fingerprint),
    texts(claims, (claim) => claim.keyPreview),
    texts(claims, (claim) => claim.inputPreview),
    texts(claims, (claim) => claim.traceparent),
    texts(claims, (claim) => claim.workflow),
    texts(claims, (claim) => claim.inputDigest),
    numbers(claims, (claim) => claim.formatVersion),
    numbers(claims, (claim) => wholeMs(claim.leaseMs)),
    numbers(claims, (claim) => wholeMs(claim.retentionMs)),
    abandoned === 'reexecute',
    paused,
    supersedes === undefined ? null : storable(supersedes),
    lockTimeout,
    settlesOnly,
  ];
}
