import type {
  Acquisition,
  Claim,
  EncodedOutcome,
  FailureNote,
  Lease,
  Settlement,
  StoredRecord,
} from '@twiceproof/core';
import type { Settle } from '@twiceproof/record-logic';
import { type Rules, sharedRules } from '../races/rules.ts';
import { copied, RecordTable, type Request } from './record-table.ts';

/** Nothing here is too large. */
const maxRecordBytes = 1024 * 1024;

/** A server of which the stores decide by the record logic that they share: what runs here is theirs. */
export class LogicTable extends RecordTable {
  readonly #rules: Rules;

  constructor(rules: Rules = sharedRules) {
    super();
    this.#rules = rules;
  }

  override counting(id: string, by: Request): StoredRecord | undefined {
    const row = this.rows.get(id);
    return row && this.#rules.counts(row, by.now, false) ? row : undefined;
  }

  /** What a row that was read answers to the claim; undefined if something is to be written. */
  look(row: StoredRecord | undefined, claim: Claim, by: Request): Acquisition | undefined {
    return row && this.#rules.counts(row, by.now, false)
      ? this.#rules.judge(copied(row), claim, by.now)
      : undefined;
  }

  override claim(claim: Claim, by: Request): Acquisition {
    const before = this.counting(claim.id, by);
    const answer = this.look(before, claim, by) ?? this.#grant(claim, before, by);
    this.watch?.claimed(claim, before, answer, by);
    return answer;
  }

  override renew(id: string, token: string, leaseMs: number, by: Request): Lease | undefined {
    const before = this.counting(id, by);
    const after = before && this.#rules.renewed(before, token, leaseMs, by.now);
    if (!before || !after) return undefined;
    this.rows.set(id, after);
    this.watch?.renewed(token, before, after, by);
    return { remainingMs: leaseMs };
  }

  override complete(id: string, token: string, outcome: EncodedOutcome, by: Request): Settlement {
    return this.#end(
      id,
      token,
      this.#rules.completing(token, outcome, maxRecordBytes),
      outcome,
      by,
    );
  }

  override release(id: string, token: string, failure: FailureNote, by: Request): Settlement {
    return this.#end(id, token, this.#rules.releasing(token, failure, maxRecordBytes), failure, by);
  }

  protected override extended(
    before: StoredRecord,
    retentionMs: number | null,
    version: string | undefined,
    by: Request,
  ): StoredRecord | undefined {
    return this.#rules.extended(before, retentionMs, version, by.now);
  }

  #grant(claim: Claim, before: StoredRecord | undefined, by: Request): Acquisition {
    const record = {
      ...this.#rules.claimed(claim, before, by.now),
      fence: this.nextFence(claim.id),
    };
    this.rows.set(claim.id, record);
    return { status: 'acquired', record, leaseRemainingMs: claim.leaseMs };
  }

  #end(
    id: string,
    token: string,
    end: Settle,
    how: EncodedOutcome | FailureNote,
    by: Request,
  ): Settlement {
    const before = this.counting(id, by);
    const answer = end(before, by.now);
    const after = answer.status === 'done' ? answer.record : before;
    if (after && after !== before) this.rows.set(id, after);
    this.watch?.settled(token, before, after, how, by);
    return answer;
  }
}
