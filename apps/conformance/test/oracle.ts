import type { Claim, RecordStatus } from '@twiceproof/core';

/** A record as the oracle knows it: everything that does not depend on time or engine. */
export interface OracleRecord {
  readonly status: RecordStatus;
  readonly token: string;
  readonly attempt: number;
  readonly fingerprint: string | undefined;
  readonly outcome: string | undefined;
  readonly lastError: string | undefined;
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
    if (before.status === 'in_progress') return false;
    if (claim.supersedes !== undefined) return before.version === supersedes;
    return before.status === 'failed';
  }

  renew(id: string, token: string): boolean {
    return this.#isMine(id, token);
  }

  settle(
    id: string,
    token: string,
    status: 'completed' | 'failed',
    change: Partial<Pick<OracleRecord, 'outcome' | 'lastError' | 'forEver'>>,
  ): 'done' | 'already_done' | 'lost' {
    const before = this.#records.get(id);
    if (before?.token !== token) return 'lost';
    if (before.status === status) return 'already_done';
    if (before.status !== 'in_progress') return 'lost';
    const version = ++this.#versions;
    this.#records.set(id, { ...before, ...change, status, version });
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

  #isMine(id: string, token: string): boolean {
    const record = this.#records.get(id);
    return record?.status === 'in_progress' && record.token === token;
  }
}
