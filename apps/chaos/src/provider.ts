import { closeSync, openSync, writeSync } from 'node:fs';
import type { Effect } from './history/event.ts';

/** The world outside: it does what it is told, and writes each effect to a ledger that only grows. */
export interface Provider {
  readonly effects: readonly Effect[];
  /** Null where that attempt was called off. */
  provide(effect: Effect): string | null;
  /** The effect of this work; where there is none, attempts up to the fence are called off. */
  find(downstreamKey: string, fence: number): string | null;
  close(): void;
}

export function openProvider(ledger: string): Provider {
  const file = openSync(ledger, 'a');
  const effects: Effect[] = [];
  const last = new Map<string, Effect>();
  const calledOff = new Map<string, number>();
  return {
    effects,
    provide(effect) {
      if (effect.fence <= (calledOff.get(effect.downstreamKey) ?? 0)) return null;
      writeSync(file, `${JSON.stringify(effect)}\n`);
      effects.push(effect);
      last.set(effect.downstreamKey, effect);
      return effect.effect;
    },
    find(downstreamKey, fence) {
      const found = last.get(downstreamKey);
      if (found) return found.effect;
      calledOff.set(downstreamKey, Math.max(fence, calledOff.get(downstreamKey) ?? 0));
      return null;
    },
    close: () => closeSync(file),
  };
}
