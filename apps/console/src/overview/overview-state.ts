import { computed, effect, signal } from '@preact/signals';
import { type Fault, faultOf, isAborted } from '../connection/fault.ts';
import { follow } from '../connection/live.ts';
import { ask } from '../connection/request.ts';
import { filter } from '../page/address.ts';
import type { OperationCounts, Overview, RecordState } from '../wire.ts';

export const states: readonly RecordState[] = [
  'executing',
  'unknown',
  'held',
  'stuck',
  'failed',
  'completed',
];

export const overview = signal<Overview | undefined>(undefined);
export const overviewFault = signal<Fault | undefined>(undefined);

const environment = computed(() => filter.value.environment);

let before = '';
let hurryUp = () => {};

async function load(signal: AbortSignal | undefined, whole?: '1'): Promise<boolean> {
  try {
    const params = { environment: environment.peek(), whole };
    const answer = await ask<Overview>('overview', params, signal);
    overview.value = answer;
    overviewFault.value = undefined;
    const text = JSON.stringify([answer.operations, answer.counting]);
    const hasChanged = text !== before;
    before = text;
    return hasChanged;
  } catch (error) {
    if (!isAborted(error)) overviewFault.value = faultOf(error);
    throw error;
  }
}

/** Follows the counts of the environment that is looked at. Answers how to stop. */
export function followOverview(): () => void {
  let following: { readonly stop: () => void; readonly hurry: () => void } | undefined;
  const unwatch = effect(() => {
    environment.value;
    following?.stop();
    overview.value = undefined;
    following = follow((signal) => load(signal), { fast: 2_500, slow: 10_000 });
    hurryUp = following.hurry;
    load(undefined).catch(() => {});
  });
  return () => {
    unwatch();
    following?.stop();
  };
}

/** Asks again now: something was changed. */
export function hurryOverview(): void {
  hurryUp();
}

/** Has the server read every record, where the store cannot count. */
export function countEverything(): void {
  load(undefined, '1').catch(() => {});
}

export function totalOf(counts: Omit<OperationCounts, 'operation'>): number {
  return states.reduce((sum, state) => sum + counts[state], 0);
}

/** All operations together. */
export const totals = computed(() => {
  const sum = { executing: 0, unknown: 0, held: 0, stuck: 0, completed: 0, failed: 0 };
  for (const counts of overview.value?.operations ?? []) {
    for (const state of states) sum[state] += counts[state];
  }
  return sum;
});

/** What is looked at: one operation, or all. */
export const lookedAt = computed(() => {
  const { operation } = filter.value;
  if (operation === undefined) return totals.value;
  return overview.value?.operations.find((each) => each.operation === operation);
});
