import type { CallOutcome, StoredRecord } from '@twiceproof/core';
import type { Plan } from '../plan.ts';
import type { Answered, Called, Effect, Grant, Recorded } from './ledger.ts';
import type { NetworkFault } from './network.ts';
import type { Process } from './process.ts';
import { tableOf } from './protocols.ts';
import type { RecordTable } from './record-table.ts';
import { Time } from './time.ts';

/** What must hold and did not. */
export interface Violation {
  /** Its name. */
  readonly invariant: string;
  readonly text: string;
  readonly at: number;
}

/** Everything that happened in one schedule, as somebody sees it who sees all of it. */
export class World {
  readonly plan: Plan;
  readonly time = new Time();
  readonly table: RecordTable;
  readonly processes: Process[] = [];
  readonly grants = new Map<string, Grant>();
  readonly grantsByFence = new Map<number, Grant>();
  /** Tokens whose claims were answered as acquired, and the answer came back. */
  readonly acknowledged = new Set<string>();
  /** By token: who claimed. */
  readonly claimants = new Map<string, Process>();
  readonly effects: Effect[] = [];
  readonly recorded: Recorded[] = [];
  readonly answered: Answered[] = [];
  readonly calls: Called[] = [];
  /** Record ids by what they are about, and the other way round. */
  readonly ids = new Map<string, string>();
  readonly labels = new Map<string, string>();
  /** Records that the store lost: what it promised of them no longer holds. */
  readonly excused = new Set<string>();
  readonly lastFences = new Map<string, number>();
  /** What a probe found, by record id. */
  readonly found = new Map<string, string>();
  /** How often calls ended in each way. */
  readonly outcomes: Partial<Record<CallOutcome, number>> = {};
  /** How often the network did what to a request. */
  readonly faults: Partial<Record<NetworkFault, number>> = {};
  /** All faults are over: the work is quick, and succeeds. */
  isCalm = false;
  readonly violations: Violation[] = [];
  readonly trace: string[] | undefined;
  /** Tells the trace. Called as `note?.(…)`, so that no line is made that nobody reads. */
  readonly note: ((text: string) => void) | undefined;

  constructor(plan: Plan, isTraced: boolean) {
    this.plan = plan;
    this.table = tableOf(plan.setting.kind);
    if (!isTraced) return;
    const trace: string[] = [];
    this.trace = trace;
    this.note = (text) => trace.push(`${String(this.time.now()).padStart(6)} ms  ${text}`);
  }

  fail(invariant: string, text: string): void {
    this.violations.push({ invariant, text, at: this.time.now() });
    this.note?.(`!! ${invariant}: ${text}`);
  }

  /** The result that counts. */
  current(id: string): Recorded | undefined {
    for (let at = this.recorded.length - 1; at >= 0; at--) {
      const result = this.recorded[at]!;
      if (result.id === id) return result.to === Number.POSITIVE_INFINITY ? result : undefined;
    }
    return undefined;
  }

  /** The latest time that this was recorded before then: a deleted record comes back with all that was in
   * it when its claim and its completion land once more. */
  lastRecorded(text: string, before: number): Recorded | undefined {
    return (
      this.recorded.findLast((result) => result.text === text && result.from <= before) ??
      this.recorded.find((result) => result.text === text)
    );
  }

  latestEffect(id: string): Effect | undefined {
    return this.effects.findLast((effect) => effect.id === id);
  }

  /** What was executed under the claim that a record carries. */
  effectOf({ id, fence, token }: Pick<StoredRecord, 'id' | 'fence' | 'token'>): Effect | undefined {
    return this.effects.findLast(
      (effect) =>
        effect.id === id &&
        // One that was deleted, and claimed once more by a try that landed late, has another fence.
        (effect.fence === fence || effect.grant?.claim.token === token),
    );
  }
}
