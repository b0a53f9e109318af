import type { IdempotencyRecord } from '@twiceproof/core';

// What the page and its server say to each other. Times are epoch milliseconds of the server.

/** What the page has to know before it can show anything. */
export interface About {
  /** The store as it may be shown: no password is in it. */
  readonly store: string;
  /** The environment to look at unless told otherwise; all of them if it is left out. */
  readonly environment?: string | undefined;
  /** Changes are refused. */
  readonly readOnly: boolean;
  /** There is a probe to ask about abandoned records. */
  readonly canReconcile: boolean;
  /** Who the operator is, for the audit log. */
  readonly by: string;
  readonly now: number;
}

/** The answer to a one-time token. */
export interface OpenedSession {
  /** To be sent with every request, beside the cookie. */
  readonly csrf: string;
}

/**
 * Where a record stands, as an operator asks for it. What is in progress with its lease over is unknown,
 * if its attempt ended with nobody knowing whether its effect happened; held, if it waits for a verdict;
 * and otherwise stuck, until the next call takes it over.
 */
export type RecordState = 'executing' | 'unknown' | 'held' | 'stuck' | 'completed' | 'failed';

/** How many records of one operation there are. */
export interface OperationCounts extends Readonly<Record<RecordState, number>> {
  readonly operation: string;
}

export interface Overview {
  readonly operations: readonly OperationCounts[];
  /** When it was counted; a store that has to be read for it is not read all the time. */
  readonly countedAt: number;
  /** There are more records than were counted. */
  readonly isPartial: boolean;
  /** How many records a count that is under way has seen. */
  readonly counting?: number | undefined;
  readonly now: number;
}

export interface RecordsPage {
  readonly records: readonly IdempotencyRecord[];
  readonly cursor?: string | undefined;
  readonly now: number;
}

/** A place where more is known about a record. */
export interface RecordLink {
  readonly label: string;
  readonly url: string;
}

export interface ShownRecord {
  readonly record: IdempotencyRecord;
  readonly links: readonly RecordLink[];
  readonly now: number;
}

/** What a replay would answer, as text. */
export interface ShownResult {
  readonly kind: 'value' | 'error' | 'omitted';
  readonly text: string;
  /** Length of the whole text, where `text` is but its beginning. */
  readonly cutFrom?: number | undefined;
}

export type ChangeAction = 'release' | 'complete' | 'delete' | 'extend';

export interface ChangeRequest {
  readonly id: string;
  /** The version that the operator saw: nothing is done to any other. */
  readonly version: string;
  readonly reason: string;
  /** For `complete`: the value, as JSON text; nothing for a function that returns nothing. */
  readonly value?: string | undefined;
  /** For `extend` and `complete`: a duration such as `7d`; false keeps the record until someone deletes it. */
  readonly retention?: string | false | undefined;
  /** For `release`, `complete` and `delete` of a workflow: its steps, too. */
  readonly steps?: boolean | undefined;
}

export interface ChangedRecord {
  /** The record as it is now; undefined when it is gone. */
  readonly record?: IdempotencyRecord | undefined;
  readonly now: number;
}

/** What can be done to all records that match a filter. */
export type BulkAction = 'release' | 'extend' | 'reconcile' | 'delete';

/** Conditions as the address of the page has them. */
export type BulkFilter = Readonly<Record<string, string>>;

/** Records that match and that the action can be done to: a part of them, where there is a cursor. */
export interface BulkCount {
  readonly states: Readonly<Partial<Record<RecordState, number>>>;
  /** From when `newer` and `older` are counted; to be given back with each further request. */
  readonly at: number;
  /** When the last of these records was settled, or lost its lease; 0 where there are none. */
  readonly until: number;
  readonly cursor?: string | undefined;
  readonly now: number;
}

export interface BulkRequest {
  readonly action: BulkAction;
  readonly filter: BulkFilter;
  readonly reason: string;
  /** As the count answered it. */
  readonly at: number;
  /** The latest of what the count answered: what ended later was not counted, and is left alone. */
  readonly until: number;
  /** How many were counted, for the progress. */
  readonly count: number;
  /** For `extend`, and for what `reconcile` completes. */
  readonly retention?: string | false | undefined;
}

/** What came of a record: `changed` by a release, an extension or a deletion, the others by the probe. */
export type BulkVerdict = 'changed' | 'completed' | 'released' | 'held' | 'failed' | 'skipped';

/** An action on many records, under way or ended. */
export interface BulkJob {
  readonly id: string;
  readonly action: BulkAction;
  readonly by: string;
  readonly phase: 'running' | 'stopping' | 'done' | 'stopped' | 'failed';
  /** How many there were when they were counted. */
  readonly count: number;
  /** How many were looked at so far. */
  readonly matched: number;
  readonly verdicts: Readonly<Partial<Record<BulkVerdict, number>>>;
  /** Why it was not done to all of them, or the first thing that went wrong with the probe. */
  readonly problem?: string | undefined;
}

export interface BulkState {
  /** The one that is under way, or else the last one. */
  readonly job?: BulkJob | undefined;
  readonly now: number;
}

export type RefusalCode =
  /** No cookie, or no CSRF token, of a session. */
  | 'NO_SESSION'
  /** The one-time token is none, or was used. */
  | 'LINK_USED'
  | 'HOST_REFUSED'
  | 'ORIGIN_REFUSED'
  | 'READ_ONLY'
  /** Somebody else was faster; `record` is what became of it. */
  | 'CHANGED'
  /** There is no such record, or no longer. */
  | 'GONE'
  /** Somebody executes right now. */
  | 'EXECUTING'
  /** Another action on many records is under way. */
  | 'BUSY'
  | 'INVALID'
  | 'TOO_LARGE'
  | 'NOT_FOUND'
  | 'STORE'
  | 'AUDIT'
  | 'FAULT';

/** Why a request was not answered. The message says what to do. */
export interface RefusalAnswer {
  readonly code: RefusalCode;
  readonly message: string;
  readonly record?: IdempotencyRecord | undefined;
  readonly now: number;
}
