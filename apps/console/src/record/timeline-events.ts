import type { IdempotencyRecord } from '@twiceproof/core';
import { isReleased } from '../text/record-state.ts';
import { bytesText, countText, numberText } from '../text/words.ts';
import type { RecordState } from '../wire.ts';

/** Something that happened to a record, or will. */
export interface TimelineEvent {
  readonly at: number | undefined;
  readonly title: string;
  readonly detail?: string | undefined;
  readonly tone: RecordState | 'released' | 'plain' | 'future';
}

/** What the record tells about its life, in order. It keeps its first claim and its latest attempt. */
export function timelineEvents(record: IdempotencyRecord, state: RecordState): TimelineEvent[] {
  const { attempt, createdAt, startedAt, leaseUntil, expiresAt, lastError } = record;
  const events: TimelineEvent[] = [];
  if (attempt === 1) {
    events.push({ at: createdAt, title: 'Created and started', tone: 'plain' });
  } else {
    events.push({
      at: createdAt,
      title: 'Created',
      detail: 'first attempt started',
      tone: 'plain',
    });
    // A release moved the start of what it released, and nothing was executed since.
    const earlier = isReleased(record) ? attempt : attempt - 1;
    events.push({
      at: undefined,
      title: countText(earlier, 'earlier attempt'),
      detail: 'failed, was released, or was taken over when its lease had ended',
      tone: 'plain',
    });
    const title = `Attempt ${numberText(attempt)} started`;
    if (!isReleased(record)) events.push({ at: startedAt, title, tone: 'plain' });
  }
  if (state === 'executing') {
    events.push({ at: undefined, title: 'Executing', detail: 'under a lease', tone: 'executing' });
    events.push({
      at: leaseUntil,
      title: 'Lease ends',
      detail: 'unless its executor renews it',
      tone: 'future',
    });
  } else if (state === 'unknown') {
    events.push({
      at: leaseUntil,
      title: 'Ended, outcome unknown',
      detail: lastError && `${lastError.name}: ${lastError.message}`,
      tone: 'unknown',
    });
  } else if (state === 'held' || state === 'stuck') {
    events.push({
      at: leaseUntil,
      title: 'Lease ended',
      detail: 'nobody renewed or settled it: its executor crashed, was paused or was cut off',
      tone: state,
    });
  } else {
    events.push(settled(record));
  }
  events.push(
    expiresAt === undefined
      ? {
          at: undefined,
          title: 'Never expires',
          detail:
            state === 'held' || state === 'unknown'
              ? 'held until somebody decides'
              : 'kept until somebody deletes it',
          tone: 'future',
        }
      : {
          at: expiresAt,
          title: 'Expires',
          detail: 'after that, a call starts afresh',
          tone: 'future',
        },
  );
  return events;
}

function settled(record: IdempotencyRecord): TimelineEvent {
  const { status, completedAt, lastError, outcomeBytes } = record;
  if (status === 'failed') {
    const title = isReleased(record) ? 'Released by an operator' : 'Failed';
    const detail = isReleased(record)
      ? lastError?.message
      : lastError && `${lastError.name}: ${lastError.message}`;
    return { at: completedAt, title, detail, tone: isReleased(record) ? 'released' : 'failed' };
  }
  if (lastError) {
    const detail = 'recorded the error, which calls get from now on';
    return { at: completedAt, title: 'Completed', detail, tone: 'failed' };
  }
  const detail = outcomeBytes === undefined ? undefined : `recorded ${bytesText(outcomeBytes)}`;
  return { at: completedAt, title: 'Completed', detail, tone: 'completed' };
}
