import type { Claim, RecordStatus } from '@twiceproof/core';

/** A record as the oracle knows it: everything that does not depend on time or engine. */
export interface OracleRecord {
  readonly status: RecordStatus;
  readonly token: string;
  readonly attempt: number;
  readonly fingerprint: string | undefined;
  readonly outcome: string | undefined;
  readonly lastError: string | undefined;
  readonly settledBy: string | undefined;
  readonly workflow: string | undefined;
  /** Counts claims and other changes, as a record's version does. */
  readonly version: number;
  readonly forEver: boolean;
}

/**
 * What a store must answer, written as plainly as possible, for records whose leases and retentions
 * do not end within a test.
 */
export class Oracle {
  readonly #records = new Map<string, OracleRecord>();
  #versions = 0;

  get(id: string): OracleRecord | undefined {
    return this.#records.get(id);
  }

  acquire(claim: Claim, supersedes: number | undefined): 'acquired' | 'existing' {
    const before = this.#records.get(claim.id);
    if (before?.status === 'in_progress' && before.token === claim.token) return 'acquired';
    if (before && !this.#isClaimable(before, claim, supersedes)) return 'existing';
    this.#records.set(claim.id, {
      status: 'in_progress',
      token: claim.token,
      attempt: (before?.attempt ?? 0) + (before && claim.settlesOnly ? 0 : 1),
      fingerprint: claim.fingerprint,
      outcome: undefined,
      lastError: undefined,
      settledBy: undefined,
      workflow: claim.workflow,
      version: ++this.#versions,
      forEver: false,
    });
    return 'acquired';
  }

  #isClaimable(before: OracleRecord, claim: Claim, supersedes: number | undefined): boolean {
    const { fingerprint } = before;
    if (fingerprint !== undefined && claim.fingerprint !== undefined) {
      if (fingerprint !== claim.fingerprint) return false;
    }
    const isUnknown = isOutcomeUnknown(before);
    if (before.status === 'in_progress' && !isUnknown) return false;
    if (claim.supersedes !== undefined) return before.version === supersedes;
    return isUnknown ? claim.abandoned === 'reexecute' : before.status === 'failed';
  }

  renew(id: string, token: string): boolean {
    const record = this.#records.get(id);
    return record?.status === 'in_progress' && record.token === token && !isOutcomeUnknown(record);
  }

  settle(
    id: string,
    token: string,
    status: RecordStatus,
    change: Partial<Pick<OracleRecord, 'outcome' | 'lastError' | 'settledBy' | 'forEver'>>,
  ): 'done' | 'already_done' | 'lost' {
    const before = this.#records.get(id);
    if (before?.token !== token) return 'lost';
    const isSettled = before.status !== 'in_progress' || isOutcomeUnknown(before);
    if (isSettled && before.status === status) return 'already_done';
    if (before.status !== 'in_progress') return 'lost';
    // That nobody knows leaves the record at the version of its claim.
    const version = status === 'in_progress' ? before.version : ++this.#versions;
    const nothing = { lastError: undefined, settledBy: undefined };
    this.#records.set(id, { ...before, ...nothing, ...change, status, version });
    return 'done';
  }

  delete(id: string, version: number | undefined, conditional: boolean): boolean {
    const before = this.#records.get(id);
    if (!before || (conditional && before.version !== version)) return false;
    return this.#records.delete(id);
  }

  extend(id: string, version: number | undefined, conditional: boolean): boolean | 'already' {
    const before = this.#records.get(id);
    if (!before || before.status === 'in_progress') return false;
    if (conditional && before.version !== version) return before.forEver ? 'already' : false;
    // A record that is kept for ever already does not change.
    if (!before.forEver) {
      this.#records.set(id, { ...before, forEver: true, version: ++this.#versions });
    }
    return true;
  }
}

function isOutcomeUnknown({ status, lastError }: OracleRecord): boolean {
  return status === 'in_progress' && lastError !== undefined;
}
