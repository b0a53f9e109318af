import type { LedgerLine } from './ledger.ts';
import { linesOf } from './lines.ts';

/** What the ledger says about one step of one order and run. */
export interface LedgerStep {
  readonly effect: string;
  readonly order: string;
  readonly run: number;
  /** How often the effect was carried out to its end; more than once is a duplicate. */
  done: number;
  /** Attempts that began and never ended: a process was killed in the middle of the effect. */
  interrupted: number;
  /** What the provider answered first. */
  result: unknown;
  /** Whether this run of the program had a part in it. */
  touched: boolean;
}

export interface LedgerAudit {
  /** By record id of the step. */
  readonly steps: ReadonlyMap<string, LedgerStep>;
  /** Numbers of lines that are not from this program, or that a power cut left unfinished. */
  readonly unreadable: readonly number[];
}

/** Reads the whole ledger back. Lines after the first `since` bytes belong to this run of the program. */
export async function auditLedger(path: string, since = 0): Promise<LedgerAudit> {
  const steps = new Map<string, LedgerStep>();
  const unreadable: number[] = [];
  const open = new Set<string>();
  let number = 0;
  let offset = 0;
  for await (const text of linesOf(path)) {
    number += 1;
    const touched = offset >= since;
    offset += Buffer.byteLength(text) + 1;
    const line = parseLedgerLine(text);
    if (!line) {
      if (text !== '') unreadable.push(number);
      continue;
    }
    const { effect, order, run } = line;
    let step = steps.get(line.step);
    if (!step) {
      step = { effect, order, run, done: 0, interrupted: 0, result: undefined, touched };
      steps.set(line.step, step);
    }
    step.touched ||= touched;
    const attempt = `${line.step} ${line.fence}`;
    if (line.phase === 'begin') {
      open.add(attempt);
      step.interrupted += 1;
    } else {
      if (open.delete(attempt)) step.interrupted -= 1;
      if (step.done === 0) step.result = line.result;
      step.done += 1;
    }
  }
  return { steps, unreadable };
}

export function duplicatesOf(step: LedgerStep): number {
  return Math.max(0, step.done - 1);
}

export function parseLedgerLine(text: string): LedgerLine | undefined {
  try {
    const line = JSON.parse(text) as Partial<LedgerLine>;
    const known = line.phase === 'begin' || line.phase === 'done';
    return known && typeof line.step === 'string' ? (line as LedgerLine) : undefined;
  } catch {
    return undefined;
  }
}
