import {
  type Acquisition,
  type Claim,
  type EncodedOutcome,
  type FailureNote,
  isOutcomeUnknown,
  type Lease,
  recordVersion,
  type Settlement,
  type StoredRecord,
} from '@twiceproof/core';

/** Who asks, and when by the clock that decides. */
export interface Request {
  readonly now: number;
  /** Milliseconds by which that clock is off. */
  readonly skewMs: number;
  /** Milliseconds that are granted beyond the end of a lease, for clocks that are off. */
  readonly marginMs: number;
  /** When a settlement was first asked for by that clock, if that got no answer: an end is judged by it. */
  readonly firstAskedAt?: number | undefined;
}

/** Told of each step that the table takes. A row is never changed: one that counts is replaced. */
export interface TableWatch {
  claimed(claim: Claim, before: StoredRecord | undefined, answer: Acquisition, by: Request): void;
  renewed(token: string, before: StoredRecord, after: StoredRecord, by: Request): void;
  settled(
    token: string,
    before: StoredRecord | undefined,
    after: StoredRecord | undefined,
    how: EncodedOutcome | FailureNote,
    by: Request,
  ): void;
  extended(after: StoredRecord, by: Request): void;
  deleted(before: StoredRecord): void;
}

const lost: Settlement = { status: 'lost' };

/**
 * The records of a simulated server, and the decision table that every store keeps to, as atomic steps.
 * What a mutant breaks is a method of its own.
 */
export class RecordTable {
  readonly rows = new Map<string, StoredRecord>();
  fence = 0;
  watch: TableWatch | undefined;
  takesOlderRenewals = false;

  claim(claim: Claim, by: Request): Acquisition {
    const before = this.counting(claim.id, by);
    const answer = before ? this.#again(claim, before, by) : this.#first(claim, by);
    this.watch?.claimed(claim, before, answer, by);
    return answer;
  }

  renew(id: string, token: string, leaseMs: number, by: Request): Lease | undefined {
    const before = this.counting(id, by);
    if (!before || !this.isOwner(before, token) || isOutcomeUnknown(before)) return undefined;
    const leaseUntil = by.now + leaseMs;
    // Of two renewals that overtake each other, the newer one's lease stands.
    if (leaseUntil < before.leaseUntil && !this.takesOlderRenewals) {
      return { remainingMs: before.leaseUntil - by.now };
    }
    const expiresAt = before.expiresAt && before.expiresAt + leaseUntil - before.leaseUntil;
    const after = { ...before, leaseUntil, expiresAt };
    this.rows.set(id, after);
    this.watch?.renewed(token, before, after, by);
    return { remainingMs: leaseMs };
  }

  complete(id: string, token: string, outcome: EncodedOutcome, by: Request): Settlement {
    const { bytes, retentionMs, lastError, settledBy } = outcome;
    return this.#settle(id, token, 'completed', outcome, by, (before) => ({
      ...before,
      status: 'completed',
      completedAt: by.now,
      expiresAt: retentionMs === null ? undefined : by.now + retentionMs,
      outcome: bytes,
      outcomeBytes: bytes.byteLength,
      lastError,
      settledBy,
      traceparent: outcome.traceparent ?? before.traceparent,
    }));
  }

  release(id: string, token: string, failure: FailureNote, by: Request): Settlement {
    const { error, retentionMs, settledBy, unknown } = failure;
    const traceparent = failure.traceparent;
    return this.#settle(id, token, unknown ? 'in_progress' : 'failed', failure, by, (before) => {
      const ended = { ...before, lastError: error, settledBy };
      ended.traceparent = traceparent ?? before.traceparent;
      if (unknown) {
        const expiresAt = before.expiresAt && before.expiresAt + by.now - before.leaseUntil;
        return { ...ended, leaseUntil: by.now, expiresAt };
      }
      const expiresAt = retentionMs === null ? undefined : by.now + retentionMs;
      return { ...ended, status: 'failed', completedAt: by.now, expiresAt };
    });
  }

  remove(id: string, version: string | undefined, by: Request): boolean {
    const before = this.counting(id, by);
    if (!before || (version !== undefined && recordVersion(before) !== version)) return false;
    this.rows.delete(id);
    this.watch?.deleted(before);
    return true;
  }

  extend(
    id: string,
    retentionMs: number | null,
    version: string | undefined,
    by: Request,
  ): StoredRecord | undefined {
    const before = this.counting(id, by);
    const after = before && this.extended(before, retentionMs, version, by);
    if (!after) return undefined;
    this.rows.set(id, after);
    this.watch?.extended(after, by);
    return after;
  }

  /** Undefined where nothing is to be changed. */
  protected extended(
    before: StoredRecord,
    retentionMs: number | null,
    version: string | undefined,
    by: Request,
  ): StoredRecord | undefined {
    if (before.status === 'in_progress') return undefined;
    if (version !== undefined && recordVersion(before) !== version) return undefined;
    return { ...before, expiresAt: retentionMs === null ? undefined : by.now + retentionMs };
  }

  /** The row, unless it has expired. */
  counting(id: string, by: Request): StoredRecord | undefined {
    const row = this.rows.get(id);
    return row && !this.isExpired(row, by) ? row : undefined;
  }

  /** The time by which a settlement is judged. */
  judging(by: Request): Request {
    const { firstAskedAt = by.now } = by;
    return firstAskedAt < by.now ? { ...by, now: firstAskedAt } : by;
  }

  /** A lease that may still be alive keeps a record. */
  isExpired(row: StoredRecord, by: Request): boolean {
    if (row.expiresAt === undefined || by.now < row.expiresAt) return false;
    return row.status !== 'in_progress' || this.leaseLeft(row, by) <= 0;
  }

  isOwner(row: StoredRecord, token: string): boolean {
    return row.status === 'in_progress' && row.token === token;
  }

  isLive(row: StoredRecord, by: Request): boolean {
    return this.leaseLeft(row, by) > 0;
  }

  isOtherPayload(row: StoredRecord, { fingerprint }: Claim): boolean {
    return (
      fingerprint !== undefined && row.fingerprint !== undefined && row.fingerprint !== fingerprint
    );
  }

  nextFence(_id: string): number {
    return ++this.fence;
  }

  leaseLeft(row: StoredRecord, { now, marginMs }: Request): number {
    const leftMs = row.leaseUntil - now;
    return isOutcomeUnknown(row) ? Math.min(leftMs, 0) : leftMs + marginMs;
  }

  isClaimable(row: StoredRecord, claim: Claim, by: Request): boolean {
    if (this.isOtherPayload(row, claim)) return false;
    if (row.status === 'in_progress' && this.isLive(row, by)) return false;
    if (claim.supersedes !== undefined) return recordVersion(row) === claim.supersedes;
    if (row.status === 'in_progress') return claim.abandoned === 'reexecute';
    return row.status === 'failed';
  }

  #again(claim: Claim, before: StoredRecord, by: Request): Acquisition {
    const leaseRemainingMs = this.leaseLeft(before, by);
    if (before.status === 'in_progress' && before.token === claim.token) {
      const leftMs = leaseRemainingMs - by.marginMs;
      return { status: 'acquired', record: before, leaseRemainingMs: leftMs };
    }
    if (!this.isClaimable(before, claim, by)) {
      return { status: 'existing', record: copied(before), leaseRemainingMs };
    }
    const attempt = before.attempt + (claim.settlesOnly ? 0 : 1);
    return this.#write(claim, attempt, before.createdAt, by);
  }

  #first(claim: Claim, by: Request): Acquisition {
    return this.#write(claim, 1, by.now, by);
  }

  #write(claim: Claim, attempt: number, createdAt: number, { now }: Request): Acquisition {
    const { id, token, leaseMs, retentionMs } = claim;
    const leaseUntil = now + leaseMs;
    const record: StoredRecord = {
      id,
      environment: claim.environment,
      operation: claim.operation,
      run: claim.run,
      scope: claim.scope,
      status: 'in_progress',
      token,
      fence: this.nextFence(id),
      attempt,
      fingerprint: claim.fingerprint,
      workflow: claim.workflow,
      inputDigest: claim.inputDigest,
      createdAt,
      startedAt: now,
      leaseUntil,
      expiresAt: retentionMs === null ? undefined : leaseUntil + retentionMs,
      keyPreview: claim.keyPreview,
      inputPreview: claim.inputPreview,
      traceparent: claim.traceparent,
      formatVersion: claim.formatVersion,
    };
    this.rows.set(id, record);
    return { status: 'acquired', record, leaseRemainingMs: leaseMs };
  }

  #settle(
    id: string,
    token: string,
    status: StoredRecord['status'],
    how: EncodedOutcome | FailureNote,
    by: Request,
    change: (before: StoredRecord) => StoredRecord,
  ): Settlement {
    const before = this.counting(id, this.judging(by));
    if (before && this.isOwner(before, token) && !isDone(before, status)) {
      const after = change(before);
      this.rows.set(id, after);
      this.watch?.settled(token, before, after, how, by);
      return { status: 'done', record: after };
    }
    this.watch?.settled(token, before, before, how, by);
    if (before?.token !== token || !isDone(before, status)) return lost;
    return { status: 'already_done', record: before };
  }
}

function isDone(row: StoredRecord, status: StoredRecord['status']): boolean {
  return row.status === status && (status !== 'in_progress' || isOutcomeUnknown(row));
}

/** What a server answers are bytes of the answer's own. */
export function copied(record: StoredRecord): StoredRecord {
  return record.outcome ? { ...record, outcome: record.outcome.slice() } : record;
}
