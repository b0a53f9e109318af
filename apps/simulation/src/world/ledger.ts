import type { Claim } from '@twiceproof/core';
import type { Key } from '../plan.ts';
import type { Process } from './process.ts';

/** What a call asks for. */
export interface Order {
  key: Key;
  /** The payload: the same key with another one is other work. */
  amount: number;
}

/** A claim that the server granted. */
export interface Grant {
  readonly claim: Claim;
  readonly fence: number;
  readonly process: Process | undefined;
  /** When its lease ends by the world's time; it moves with renewals. */
  leaseUntil: number;
  /** Settled, deleted or claimed again: nobody owns the record by it any more. */
  isOver: boolean;
  /** Over because somebody deleted its record, which it may not have heard yet. */
  isDeleted: boolean;
  starts: number;
}

/** An effect, as the outside world sees it. */
export interface Effect {
  readonly id: string;
  readonly fence: number;
  readonly process: Process;
  readonly grant: Grant | undefined;
  readonly startedAt: number;
  readonly text: string;
  endedAt: number | undefined;
  /** How its function ended. */
  ending: 'value' | 'error' | 'unknown' | undefined;
  /** Whether it happened, which its function may not have been told. */
  happened: boolean;
  /** Somebody found out, and said that it may be repeated. */
  isCleared: boolean;
}

/** One recorded result, and when it counted by the world's time. */
export interface Recorded {
  readonly id: string;
  readonly token: string;
  readonly text: string;
  readonly from: number;
  to: number;
  expiresAt: number | undefined;
  /** Whose process has ended it on purpose, and was told so. */
  endedBy: Process | undefined;
}

/** A value that a caller got. */
export interface Answered {
  readonly process: Process;
  readonly order: Order;
  readonly outcome: 'executed' | 'replayed';
  readonly text: string;
  /** What its steps answered, of a workflow. */
  readonly steps: readonly string[];
  /** The rest of the value is what it was when its function made it. */
  readonly isPristine: boolean;
  /** When its caller asked, or the first in its process whose answer it may share. */
  readonly from: number;
  readonly to: number;
}

/** A call that was made. */
export interface Called {
  readonly process: Process;
  readonly order: Order;
  readonly at: number;
  isOver: boolean;
}

/** The keys of schedules are few, and the same in all. */
const labels = new Map<Key, string>();

export function labelOf(key: Key): string {
  let label = labels.get(key);
  if (label === undefined) {
    label = JSON.stringify(key);
    labels.set(key, label);
  }
  return label;
}

/** What an effect answers names everything that it is about. */
export function textOf(label: string, amount: number, step: string, fence: number): string {
  return `${label} for ${amount}${step} by fence ${fence}`;
}
