import type { EffectsLedger, LedgerEntry } from './effects-ledger.ts';
import { reportText } from './report-text.ts';

/** How one delivery ended. */
export interface DeliveryEnd {
  readonly number: number;
  /** `crashed`: its process died. `refused`: the handler threw. */
  readonly end: 'handled' | 'refused' | 'crashed';
  /** What the handler answered. */
  readonly value?: unknown;
  /** What it threw. */
  readonly error?: unknown;
  /** Where its process died. */
  readonly crash?: CrashPoint | undefined;
}

/** A moment at which a process died. */
export interface CrashPoint {
  readonly step: string;
  readonly when: 'before' | 'after';
  /** Whether `step` is an effect, and not an operation or a step of a workflow. */
  readonly isEffect: boolean;
}

/** What came of delivering the same message more than once. */
export interface SafetyReport {
  readonly isSafe: boolean;
  /** Effects that happened in more than one delivery. */
  readonly repeated: readonly string[];
  /** Effects that never happened, although the message counts as handled. */
  readonly lost: readonly string[];
  readonly deliveries: readonly DeliveryEnd[];
  readonly effects: readonly LedgerEntry[];
  /** All of it, for people. */
  readonly text: string;
}

/** Thrown for a handler that is not safe to call twice. The message is the report. */
export class UnsafeHandlerError extends Error {
  override readonly name = 'UnsafeHandlerError';
  readonly report: SafetyReport;

  constructor(report: SafetyReport) {
    super(report.text);
    this.report = report;
  }
}

/** Why a handler is not safe, or why nothing can be said of it. */
export type Fault = 'repeated' | 'lost' | 'unhandled' | 'no effect';

/** Judges what the ledger has. */
export function judge(ledger: EffectsLedger, deliveries: readonly DeliveryEnd[]): SafetyReport {
  const effects = [...ledger.entries];
  const happened = effects.filter(({ what }) => what === 'happened');
  const repeated = [...Map.groupBy(happened, ({ effect }) => effect)]
    .filter(([, entries]) => deliveriesOf(entries) > 1)
    .map(([effect]) => effect);
  const isHandled = deliveries.some(({ end }) => end === 'handled');
  const crash = deliveries.find(({ end }) => end === 'crashed')?.crash;
  const isLost =
    crash?.isEffect && isHandled && !happened.some(({ effect }) => effect === crash.step);
  const lost = isLost ? [crash.step] : [];
  const fault = faultOf();
  const findings = { repeated, lost, deliveries, effects };
  return { isSafe: fault === undefined, ...findings, text: reportText(findings, fault) };

  function faultOf(): Fault | undefined {
    if (repeated.length > 0) return 'repeated';
    if (lost.length > 0) return 'lost';
    // Left to an operator, after a crash, is safe as well.
    if (!isHandled && crash === undefined) return 'unhandled';
    return effects.length === 0 && !crash?.isEffect ? 'no effect' : undefined;
  }
}

/** What cannot be told to belong to one delivery counts as a delivery of its own. */
function deliveriesOf(entries: readonly LedgerEntry[]): number {
  const known = new Set(
    entries.map(({ delivery }) => delivery).filter((each) => each !== undefined),
  );
  return known.size + entries.filter(({ delivery }) => delivery === undefined).length;
}
