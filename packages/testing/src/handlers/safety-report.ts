import type { LedgerEntry } from './effects-ledger.ts';

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
