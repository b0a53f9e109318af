import { type ReadonlySignal, signal } from '@preact/signals';
import { type Fault, faultOf, isAborted } from '../connection/fault.ts';
import { ask } from '../connection/request.ts';
import type { Filter } from '../page/address.ts';
import type { BulkAction, BulkCount, RecordState } from '../wire.ts';

/** How many records match, as far as they were counted. */
export interface Counted {
  readonly states: Readonly<Partial<Record<RecordState, number>>>;
  readonly count: number;
  readonly at: number;
  readonly until: number;
  readonly isWhole: boolean;
  readonly fault: Fault | undefined;
}

/** Counts what an action would be about, part by part. Answers how to stop. */
export function countAll(
  action: BulkAction,
  filter: Filter,
): { readonly counted: ReadonlySignal<Counted>; readonly stop: () => void } {
  const ending = new AbortController();
  const counted = signal<Counted>({
    ...{ states: {}, count: 0, at: 0, until: 0 },
    ...{ isWhole: false, fault: undefined },
  });
  const count = async () => {
    let next: Readonly<Record<string, string | undefined>> = {};
    do {
      const query = { ...filter, action, ...next };
      const part = await ask<BulkCount>('bulk/count', query, ending.signal);
      const { states, count: before, until } = counted.peek();
      const sum: Partial<Record<RecordState, number>> = { ...states };
      let more = 0;
      for (const [state, found] of Object.entries(part.states) as [RecordState, number][]) {
        sum[state] = (sum[state] ?? 0) + found;
        more += found;
      }
      counted.value = {
        states: sum,
        count: before + more,
        at: part.at,
        until: Math.max(until, part.until),
        isWhole: part.cursor === undefined,
        fault: undefined,
      };
      next = { at: String(part.at), cursor: part.cursor };
    } while (next.cursor !== undefined);
  };
  count().catch((error: unknown) => {
    if (!isAborted(error)) counted.value = { ...counted.peek(), fault: faultOf(error) };
  });
  return { counted, stop: () => ending.abort() };
}
