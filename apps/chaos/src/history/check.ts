import type { Call, Effect, Fault } from './event.ts';
import { type Repeat, repeatsOf } from './explain.ts';
import { isLinearizable } from './linearizable.ts';

/** What happened to a number of keys. */
export interface History {
  readonly effects: readonly Effect[];
  readonly calls: readonly Call[];
  readonly faults: readonly Fault[];
  readonly leaseMs: number;
  /** Whether a repeated effect is a violation even where a fault explains it. */
  readonly isRepeatForbidden: boolean;
}

export interface Verdict {
  readonly repeats: readonly Repeat[];
  /** A sentence each; none where everything holds. */
  readonly violations: readonly string[];
}

/** Judges the history of each key by itself. */
export function check(history: History): Verdict {
  const { effects, calls, faults, leaseMs, isRepeatForbidden } = history;
  const repeats: Repeat[] = [];
  const violations: string[] = [];
  const forgetting = faults.filter(({ kind }) => kind === 'forgets');
  const effectsOf = Map.groupBy(effects, ({ key }) => key);
  for (const [key, ofKey] of Map.groupBy(calls, (call) => call.key)) {
    const happened = effectsOf.get(key) ?? [];
    const again = repeatsOf(happened, ofKey, faults, leaseMs);
    repeats.push(...again);
    for (const { first, again: second, fault } of again) {
      if (fault === undefined || isRepeatForbidden) {
        violations.push(
          `${key}: effect ${second.effect} repeats ${first.effect}, ${fault ?? 'and no fault explains it'}`,
        );
      }
    }
    if (!ofKey.some(({ answer }) => answer.kind === 'ok')) {
      violations.push(`${key}: no call got an outcome, but ${countsOf(ofKey)}`);
    }
    for (const { call, answer } of ofKey) {
      if (answer.kind === 'ok' && !happened.some(({ effect }) => effect === answer.value)) {
        violations.push(
          `${key}: call ${call} was answered ${String(answer.value)}, which never happened`,
        );
      }
      if (answer.kind === 'fail' && happened.some((effect) => effect.call === call)) {
        violations.push(`${key}: call ${call} was refused, and had an effect`);
      }
    }
    const fences = new Set(happened.map(({ fence }) => fence));
    if (fences.size < happened.length && forgetting.length === 0) {
      violations.push(`${key}: two attempts had the same fence`);
    }
    if (!isLinearizable(ofKey, happened, forgetting)) {
      const got = ofKey.flatMap(({ answer }) => (answer.kind === 'ok' ? [answer.value] : []));
      violations.push(`${key}: no order explains the answers ${[...new Set(got)].join(', ')}`);
    }
  }
  return { repeats, violations };
}

function countsOf(calls: readonly Call[]): string {
  const answers = Map.groupBy(calls, ({ answer }) => answer.outcome);
  const counts = [...answers].map(([outcome, { length }]) => `${length} × ${outcome}`);
  const last = calls.at(-1)!.answer;
  return `${counts.join(', ')}${last.kind === 'ok' ? '' : `; the last one: ${last.error}`}`;
}
