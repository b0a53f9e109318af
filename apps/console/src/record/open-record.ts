import { effect, signal } from '@preact/signals';
import type { IdempotencyRecord } from '@twiceproof/core';
import { type Fault, faultOf, isAborted } from '../connection/fault.ts';
import { follow } from '../connection/live.ts';
import { ask } from '../connection/request.ts';
import { list } from '../list/list-session.ts';
import { openId } from '../page/address.ts';
import type { RecordLink, ShownRecord, ShownResult } from '../wire.ts';

/** The record that is open, and what is known about it. */
export interface OpenRecord {
  readonly id: string;
  readonly record: IdempotencyRecord | undefined;
  readonly links: readonly RecordLink[];
  /** Deleted or expired, maybe while it was looked at. */
  readonly isGone: boolean;
  readonly fault: Fault | undefined;
  /** What somebody else did in the meantime, so that this operator's action was not done. */
  readonly conflict: string | undefined;
  /** Decoded when asked for; of the version in `resultVersion`. */
  readonly result: ShownResult | Fault | 'asking' | undefined;
  readonly resultVersion: string | undefined;
}

export const open = signal<OpenRecord | undefined>(undefined);

let hurryUp = () => {};

/** Loads the record in the address, and follows it. Answers how to stop. */
export function followOpenRecord(): () => void {
  let following: ReturnType<typeof follow> | undefined;
  const unwatch = effect(() => {
    const id = openId.value;
    following?.stop();
    if (id === undefined) {
      open.value = undefined;
      return;
    }
    // What the list knows of it is shown at once.
    const known = list
      .peek()
      ?.rows.peek()
      .find((row) => row.record.id === id);
    open.value = {
      id,
      record: known?.record,
      links: [],
      isGone: false,
      fault: undefined,
      conflict: undefined,
      result: undefined,
      resultVersion: undefined,
    };
    following = follow((ending) => load(id, ending), { fast: 1_000, slow: 5_000 });
    hurryUp = following.hurry;
    load(id, undefined).catch(() => {});
  });
  return () => {
    unwatch();
    following?.stop();
  };
}

async function load(id: string, ending: AbortSignal | undefined): Promise<boolean> {
  try {
    const { record, links } = await ask<ShownRecord>('record', { id }, ending);
    return show(record, links);
  } catch (error) {
    if (isAborted(error)) throw error;
    const fault = faultOf(error);
    const isGone = fault.code === 'GONE';
    const wasGone = open.peek()?.isGone;
    change(id, isGone ? { isGone, fault: undefined } : { fault });
    if (!isGone) throw error;
    return !wasGone;
  }
}

/** Shows a newer state of the open record. Answers whether it is one. */
export function show(record: IdempotencyRecord, links?: readonly RecordLink[]): boolean {
  const before = open.peek();
  if (before?.id !== record.id) return false;
  const hasChanged =
    before.record?.version !== record.version ||
    before.record.leaseUntil !== record.leaseUntil ||
    before.isGone;
  change(record.id, { record, links: links ?? before.links, isGone: false, fault: undefined });
  if (hasChanged) list.peek()?.put(record);
  return hasChanged;
}

export function change(id: string, changes: Partial<OpenRecord>): void {
  const before = open.peek();
  if (before?.id === id) open.value = { ...before, ...changes };
}

/** Asks again now. */
export function hurryRecord(): void {
  hurryUp();
}
