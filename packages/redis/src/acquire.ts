import type { Acquisition, Claim, Store, StoreOptions } from '@twiceproof/core';
import { IdempotencyError } from '@twiceproof/core';
import { corrupt } from './corrupt.ts';
import { claimedRecord } from './own-claim.ts';
import { countsForSure, marginMs } from './plain-verdict.ts';
import { decodeRecord, decodeRest, encodeClaim, livesOnFor, readHead } from './record-format.ts';
import type { ClaimRequest, LookRequest } from './record-requests.ts';
import { encodeWork } from './record-texts.ts';
import { confirmWord, retentionWord, retirementWord } from './script-words.ts';
import { claimScript } from './scripts.ts';
import type { StoreContext } from './store-context.ts';

/**
 * One native command claims a free record, or answers one that is completed or in progress; where a replay is
 * likely a read comes first. Whatever takes a comparison, or the server's clock, is left to the script, which
 * decides anew.
 */
export function createAcquire(context: StoreContext): Store['acquire'] {
  const { evictionGuard } = context;
  return (given, options) => {
    const claim = inWholeMilliseconds(given);
    if (evictionGuard === undefined || evictionGuard.isQuiet)
      return acquire(context, claim, options);
    return evictionGuard.check(claim.id, options).then(() => acquire(context, claim, options));
  };
}

function acquire(
  context: StoreContext,
  claim: Claim,
  options: StoreOptions | undefined,
): Promise<Acquisition> {
  const { commands, clock, guess } = context;
  const now = Math.floor(clock.now() ?? 0);
  // Without the server's time a fence could be lower than one that is forgotten.
  if (now === 0 || claim.supersedes !== undefined)
    return claimByScript(context, claim, encodeWork(claim), options);
  if (commands.look !== undefined && guess.isLikely(claim.operation))
    return commands.look(new Look(context, claim, options, now));
  return claimIfFree(context, claim, options, now);
}

function claimIfFree(
  context: StoreContext,
  claim: Claim,
  options: StoreOptions | undefined,
  now: number,
): Promise<Acquisition> {
  const { commands, maxRecordBytes } = context;
  const request = new FirstClaim(context, claim, options, now);
  if (request.value.length > maxRecordBytes) return Promise.reject(tooLarge(claim, maxRecordBytes));
  return commands.claim(request);
}

class Look implements LookRequest {
  readonly id: string;
  readonly key: string;
  readonly options: StoreOptions | undefined;
  readonly #context: StoreContext;
  readonly #claim: Claim;
  readonly #now: number;

  constructor(context: StoreContext, claim: Claim, options: StoreOptions | undefined, now: number) {
    this.id = claim.id;
    this.key = context.commands.keyOf(claim.id);
    this.options = options;
    this.#context = context;
    this.#claim = claim;
    this.#now = now;
  }

  answered(found: Buffer | null): Acquisition | Promise<Acquisition> {
    const answer = found && refusal(this.#claim, found, this.#context.clock.now());
    if (answer) return answer;
    // It may have been given up while it was asked for.
    this.options?.signal?.throwIfAborted();
    return claimIfFree(this.#context, this.#claim, this.options, this.#now);
  }
}

class FirstClaim implements ClaimRequest {
  readonly id: string;
  readonly key: string;
  readonly value: string;
  readonly ttlMs: number;
  readonly options: StoreOptions | undefined;
  readonly #context: StoreContext;
  readonly #claim: Claim;
  readonly #work: string;
  readonly #now: number;

  constructor(context: StoreContext, claim: Claim, options: StoreOptions | undefined, now: number) {
    const { commands, graceMs } = context;
    const work = encodeWork(claim);
    this.id = claim.id;
    this.key = commands.keyOf(claim.id);
    this.value = encodeClaim(claim, work, now, graceMs);
    this.ttlMs = claim.leaseMs + livesOnFor(claim.retentionMs, graceMs);
    this.options = options;
    this.#context = context;
    this.#claim = claim;
    this.#work = work;
    this.#now = now;
  }

  answered(found: Buffer | null): Acquisition | Promise<Acquisition> {
    const { guess, ownClaims, clock } = this.#context;
    const claim = this.#claim;
    guess.learn(claim.operation, found !== null);
    if (found !== null) {
      return (
        refusal(claim, found, clock.now()) ??
        claimByScript(this.#context, claim, this.#work, this.options)
      );
    }
    const now = this.#now;
    ownClaims.keep(claim.token, { claim, now, value: this.value });
    const record = claimedRecord(claim, now);
    return { status: 'acquired', record, leaseRemainingMs: claim.leaseMs };
  }
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
      retentionWord(claim.retentionMs),
      graceMs,
      abandoned,
      supersedes ?? '',
      retirementWord(options),
      confirmWord(waits),
      settlesOnly ? 'settles' : 'executes',
    ],
    options,
  );
  return {
    status: verdict === 'acquired' ? 'acquired' : 'existing',
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
