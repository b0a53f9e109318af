import { setTimeout as elapsed } from 'node:timers/promises';
import { currentExecution } from '@twiceproof/core';
import type { Ledger } from './ledger.ts';
import { auditLedger, parseLedgerLine } from './ledger-audit.ts';
import type { Effects, Order, StepName } from './pipeline.ts';

export interface EffectOptions {
  readonly ledger: Ledger;
  /** How long a provider takes. */
  readonly effectMs: number;
  /** The step that fails on purpose. */
  readonly fail: StepName | undefined;
  /** Awaited between the beginning and the end of every effect. */
  readonly during?: (effect: StepName, order: string) => Promise<void>;
}

const providers: Readonly<Record<StepName, string>> = {
  charge: 'the payment provider',
  ship: 'the carrier',
  notify: 'the mail service',
};

export function effectsOn({ ledger, effectMs, fail, during }: EffectOptions): Effects {
  const effect = async <Result>(
    name: StepName,
    order: string,
    downstreamKey: string,
    result: Result,
  ): Promise<Result> => {
    if (fail === name) throw new Error(`${providers[name]} is down ${onPurpose(name)}`);
    const { id, run, fence, signal } = currentExecution();
    const entry = { effect: name, order, run, step: id!, fence, downstreamKey };
    const begunAt = ledger.append({ phase: 'begin', ...entry });
    await during?.(name, order);
    // When the lease is lost the effect is given up: another worker may have started it.
    await elapsed(effectMs, undefined, { signal });
    // A process that was suspended may have lost its lease unnoticed: providers refuse an older fence.
    if (newestFence(ledger.readFrom(begunAt), id!) > fence) {
      throw new Error(`${providers[name]} has seen a later attempt`);
    }
    ledger.append({ phase: 'done', ...entry, result });
    return result;
  };

  return {
    charge: (order, key) =>
      effect('charge', orderLabel(order), key, { payment: `pay_${key.slice(0, 12)}` }),
    ship: (order, _charged, key) =>
      effect('ship', orderLabel(order), key, { parcel: `parcel_${key.slice(0, 12)}` }),
    notify: (order, _shipped, key) => {
      const label = orderLabel(order);
      return effect('notify', label, key, { order: label, mail: `mail_${key.slice(0, 12)}` });
    },
    find: async (record) => {
      const found = (await auditLedger(ledger.path)).steps.get(record.id);
      return found && found.done > 0 ? { completed: found.result } : 'reexecute';
    },
  };
}

function newestFence(lines: readonly string[], step: string): number {
  const fences = lines.map(parseLedgerLine).filter((line) => line?.step === step);
  return Math.max(...fences.map((line) => line!.fence));
}

export function orderLabel({ id }: Order): string {
  return typeof id === 'object' ? JSON.stringify(id, withoutBigints) : String(id);
}

function withoutBigints(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

function onPurpose(step: StepName): string {
  return `(--fail ${step})`;
}

/** Whether an error is the one that `--fail` asked for. */
export function isWanted(error: string, fail: StepName | undefined): boolean {
  return fail !== undefined && error.endsWith(onPurpose(fail));
}
