import type { Acquisition, Claim, Store, StoreOptions } from '@twiceproof/core';
import { IdempotencyError } from '@twiceproof/core';
import { corrupt } from './corrupt.ts';
import { flag } from './flag.ts';
import { countsForSure, marginMs } from './plain-verdict.ts';
import {
  claimedRecord,
  decodeRecord,
  decodeRest,
  encodeClaim,
  livesOnFor,
  readHead,
} from './record-format.ts';
import { encodeWork } from './record-texts.ts';
import { done } from './script.ts';
import { claimScript } from './scripts.ts';
import { isPaused, retentionArgument, type StoreContext } from './store-context.ts';

/**
 * One native command claims a free record, or answers one that is completed or in progress. Whatever
 * takes a comparison, or the server's clock, is left to the script, which decides anew.
 */
export function createAcquire(context: StoreContext): Store['acquire'] {
  const { commands, clock, habit, ownClaims, graceMs, maxRecordBytes, evictionGuard } = context;

  return async (given, options) => {
    const claim = inWholeMilliseconds(given);
    const now = Math.floor(clock.now() ?? 0);
    if (evictionGuard?.isQuiet === false) await evictionGuard.check(claim.id, options);
    // Without the server's time a fence could be lower than one that is forgotten.
    if (now === 0 || claim.supersedes !== undefined)
      return claimByScript(context, claim, encodeWork(claim), options);
    const { id, operation, leaseMs } = claim;
    const key = commands.keyOf(id);
    if (commands.look !== undefined && habit.isLikely(operation)) {
      let found: Buffer | null;
      try {
        found = await commands.look({ key, options });
      } catch (error) {
        throw context.fault(error, id);
      }
      const answer = found && refusal(claim, found, clock.now());
      if (answer) return answer;
      // It may have been given up while it was asked for.
      options?.signal?.throwIfAborted();
    }
    const work = encodeWork(claim);
    const value = encodeClaim(claim, work, now, graceMs);
    if (value.length > maxRecordBytes) throw tooLarge(claim, maxRecordBytes);
    const ttlMs = leaseMs + livesOnFor(claim.retentionMs, graceMs);
    let found: Buffer | null;
    try {
      found = await commands.claim({ key, value, ttlMs, options });
    } catch (error) {
      throw context.fault(error, id);
    }
    habit.note(operation, found !== null);
    if (found === null) {
      ownClaims.keep(claim.token, { claim, now, value });
      const record = claimedRecord(claim, now);
      return { status: 'acquired', record, leaseRemainingMs: leaseMs };
    }
    return refusal(claim, found, clock.now()) ?? claimByScript(context, claim, work, options);
  };
}

/** The record's layout has no place for fractions. */
function inWholeMilliseconds(claim: Claim): Claim {
  const leaseMs = Math.ceil(claim.leaseMs);
  const retentionMs = claim.retentionMs === null ? null : Math.ceil(claim.retentionMs);
  if (leaseMs === claim.leaseMs && retentionMs === claim.retentionMs) return claim;
  return { ...claim, leaseMs, retentionMs };
}

/** The answer of a record that no claim may take, beyond doubt. */
function refusal(claim: Claim, found: Buffer, now: number | undefined): Acquisition | undefined {
  const { id, token } = claim;
  const head = readHead(found);
  if (head === undefined) throw corrupt(id);
  const { status, startedAt, leaseMs, leaseUntil } = head;
  if (now === undefined || status === 'f' || status === 'u' || !countsForSure(head, now))
    return undefined;
  const left = (leaseUntil ?? startedAt + leaseMs) - now;
  if (status === 'p' && left < marginMs) return undefined;
  const record = decodeRest(id, found, head);
  if (status === 'p' && record.token === token) return undefined;
  return { status: 'existing', record, leaseRemainingMs: Math.floor(left) };
}

async function claimByScript(
  { commands, waits, graceMs, maxRecordBytes }: StoreContext,
  claim: Claim,
  work: string,
  options: StoreOptions | undefined,
): Promise<Acquisition> {
  const { id, token, fingerprint, abandoned, supersedes, settlesOnly } = claim;
  if (work.length > maxRecordBytes) throw tooLarge(claim, maxRecordBytes);
  const [verdict, , left, leaseUntil, value] = await commands.write(
    claimScript,
    id,
    [
      token,
      fingerprint === undefined ? '' : `=${fingerprint}`,
      work,
      claim.leaseMs,
      retentionArgument(claim.retentionMs),
      graceMs,
      abandoned,
      supersedes ?? '',
      flag(isPaused(options)),
      flag(waits),
      flag(settlesOnly === true),
    ],
    options,
  );
  return {
    status: verdict === done ? 'acquired' : 'existing',
    record: decodeRecord(id, value as Buffer, { leaseUntil: leaseUntil as number }),
    leaseRemainingMs: left as number,
  };
}

function tooLarge(claim: Claim, maxRecordBytes: number): IdempotencyError<'OPTIONS_INVALID'> {
  return new IdempotencyError(
    'OPTIONS_INVALID',
    `the claim of ${claim.id} alone is larger than the ${maxRecordBytes} bytes that a record may have; raise maxRecordBytes, or cap key and input previews`,
    { recordId: claim.id },
  );
}
