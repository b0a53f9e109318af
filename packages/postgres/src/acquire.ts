import type { Acquisition, Claim, StoreOptions } from '@twiceproof/core';
import { isOutcomeUnknown, recordVersion } from '@twiceproof/core';
import { createReplayGuess } from '@twiceproof/core/toolkit';
import { storable } from './array-literal.ts';
import type { Row } from './database.ts';
import { isExpired } from './expiry.ts';
import { type Asked, isGivenUp } from './requests.ts';
import { integer, optionalInteger, toRecord } from './row.ts';
import { checkClaim } from './sound-claim.ts';
import { type ClaimPolicy, policyOf } from './sql/claim.ts';
import { isPaused, type StoreContext } from './store-context.ts';
import { givenUp } from './waiting-line.ts';

/** Each turn is lost only to another claim that was quicker; nobody loses so many in a row. */
const maxTurns = 30;

/**
 * A claim is one upsert; where that changes nothing, the record that stood in its way is read by a
 * statement of its own, whose snapshot is newer. Where a replay is likely the read comes first, and is
 * all that it needs. Neither writes anything for a duplicate.
 */
export function createAcquire(
  context: StoreContext,
): (claim: Claim, asked?: StoreOptions) => Promise<Acquisition> {
  const { requests, ownClaims } = context;
  const guess = createReplayGuess();
  const claiming = new Map<string, Promise<unknown>>();

  const claimOnce = async (
    claim: Claim,
    policy: ClaimPolicy,
    asked: Asked,
    isWorthWaiting: boolean,
  ): Promise<Row | undefined> => {
    checkClaim(claim);
    const claimed = isWorthWaiting
      ? requests.claimAlone(claim, policy, asked)
      : requests.claim(claim, policy, asked);
    const ended = claimed.catch(() => {});
    claiming.set(claim.id, ended);
    try {
      return await claimed;
    } finally {
      claiming.delete(claim.id);
    }
  };

  const ask = async (claim: Claim, paused: boolean, asked: Asked): Promise<Acquisition> => {
    const policy = policyOf(claim, paused);
    for (let turn = 0; turn < maxTurns; turn += 1) {
      // Of the claims of one process for one id a single one is under way; the others see its result.
      const rival = claiming.get(claim.id);
      if (rival || turn > 0) {
        await rival;
        const row = await requests.read(claim.id, asked);
        const answer = row && judge(row, claim, paused);
        if (answer) return answer;
        if (isGivenUp(asked)) throw givenUp();
      }
      if (claiming.has(claim.id)) continue;
      // One that gives way and was not granted was overtaken, or passed by because somebody has locked it.
      const row = await claimOnce(claim, policy, asked, turn > 0);
      if (row) return granted(row, claim);
    }
    throw new Error(`claims of ${claim.id} kept overtaking each other; ask again`);
  };

  const learned = (claim: Claim, answer: Acquisition, wasMet: boolean): Acquisition => {
    if (!wasMet) guess.learn(claim.operation, answer.status === 'existing');
    if (answer.status === 'acquired') ownClaims.keep(claim.token, answer.record);
    return answer;
  };

  const claimOrSee = async (claim: Claim, paused: boolean, asked: Asked, wasMet: boolean) =>
    learned(claim, await ask(claim, paused, asked), wasMet);

  return (claim, asked) => {
    const paused = isPaused(context, asked);
    const wasMet = guess.meet(claim.id);
    if (!(wasMet || guess.isLikely(claim.operation)) || claiming.has(claim.id)) {
      return claimOrSee(claim, paused, asked, wasMet);
    }
    // Not awaited: what a function keeps while it waits is more than what is to be done then.
    return requests.read(claim.id, asked).then((row) => {
      const answer = row && judge(row, claim, paused);
      if (answer) return learned(claim, answer, wasMet);
      if (isGivenUp(asked)) throw givenUp();
      return claimOrSee(claim, paused, asked, wasMet);
    });
  };
}

/** What the record that is there answers to the claim; undefined if it gives way to it. */
export function judge(row: Row, claim: Claim, paused: boolean): Acquisition | undefined {
  if (isExpired(row, paused)) return undefined;
  const record = toRecord(row);
  const left = record.leaseUntil - integer(row, 'now', row.now);
  const leaseRemainingMs = isOutcomeUnknown(record) ? Math.min(left, 0) : left;
  const isInProgress = record.status === 'in_progress';
  const existing: Acquisition = { status: 'existing', record, leaseRemainingMs };
  if (row.copy_until !== null) return existing;
  if (isInProgress && record.token === claim.token) return { ...existing, status: 'acquired' };
  if (isAnotherPayload(record.fingerprint, claim.fingerprint)) return existing;
  if (isInProgress && leaseRemainingMs > 0) return existing;
  if (claim.supersedes !== undefined) {
    return recordVersion(record) === claim.supersedes ? undefined : existing;
  }
  const isFree = isInProgress ? claim.abandoned === 'reexecute' : record.status === 'failed';
  return isFree ? undefined : existing;
}

/** The answer to a claim that was granted. */
export function granted(row: Row, claim: Claim): Acquisition {
  const leaseUntil = integer(row, 'lease_until');
  return {
    status: 'acquired',
    record: {
      id: claim.id,
      environment: claim.environment,
      operation: claim.operation,
      run: claim.run,
      scope: claim.scope,
      status: 'in_progress',
      token: claim.token,
      fence: integer(row, 'fence'),
      attempt: integer(row, 'attempt'),
      fingerprint: claim.fingerprint,
      workflow: claim.workflow,
      inputDigest: claim.inputDigest,
      createdAt: integer(row, 'created_at'),
      startedAt: integer(row, 'started_at'),
      leaseUntil,
      expiresAt: optionalInteger(row, 'expires_at'),
      keyPreview: claim.keyPreview,
      inputPreview: claim.inputPreview,
      traceparent: claim.traceparent,
      formatVersion: claim.formatVersion,
    },
    leaseRemainingMs: Math.min(claim.leaseMs, leaseUntil - integer(row, 'now', row.now)),
  };
}

/** A fingerprint on one side only says nothing: an operation may start to have one. */
function isAnotherPayload(held: string | undefined, claimed: string | undefined): boolean {
  return held !== undefined && claimed !== undefined && held !== storable(claimed);
}
