import { downstreamKeyOf, downstreamUuidOf, type IdempotencyRecord } from '@twiceproof/core';
import type { Link } from '../links.ts';
import { bytesText } from '../output/count-text.ts';
import type { Paint } from '../output/paint.ts';
import { spanText, timeText } from '../output/time-text.ts';
import { visibleText } from '../output/visible-text.ts';
import { errorText, isStuck, statusFormat, statusText } from './status-text.ts';

const labelWidth = 13;

/** Everything about a record, line by line. */
export function recordLines(
  record: IdempotencyRecord,
  links: readonly Link[],
  paint: Paint,
  now: number,
): string {
  const line = (label: string, text: string | undefined) =>
    text === undefined || text === '' ? [] : [`${paint('dim', label.padEnd(labelWidth))}${text}`];
  const time = (at: number | undefined) => (at === undefined ? undefined : timeText(at, now));
  const { status, attempt, fence, startedAt, completedAt, expiresAt } = record;
  return [
    paint('bold', record.id),
    '',
    ...line('status', paint(statusFormat(record, now), statusText(record, now))),
    ...line('next', nextText(record, now)),
    ...line('error', errorText(record) && paint('red', visibleText(errorText(record)))),
    ...line('key', record.keyPreview && visibleText(record.keyPreview)),
    ...line('input', record.inputPreview && visibleText(record.inputPreview)),
    ...line('scope', record.scope && visibleText(record.scope)),
    ...line('operation', visibleText(record.operation)),
    ...line('environment', visibleText(record.environment)),
    ...line('run', String(record.run)),
    ...line('attempt', String(attempt)),
    ...line('created', time(record.createdAt)),
    ...line('started', record.createdAt === startedAt ? undefined : time(startedAt)),
    ...line('lease', leaseText(record, now)),
    ...line(status === 'failed' ? 'failed' : 'completed', withTook(record, time(completedAt))),
    ...line('settled by', settledText(record)),
    ...line('expires', expiresAt === undefined ? 'never' : time(expiresAt)),
    ...line('result', resultText(record)),
    ...line('workflow', record.workflow),
    ...line('fingerprint', record.fingerprint),
    ...line('traceparent', record.traceparent),
    ...line(
      'downstream',
      `${downstreamKeyOf(record.id)}, as a UUID ${downstreamUuidOf(record.id)}`,
    ),
    ...line('fence', String(fence)),
    ...line('version', record.version),
    ...links.flatMap(({ label, url }) => line(visibleText(label), visibleText(url))),
  ].join('\n');
}

function leaseText(record: IdempotencyRecord, now: number): string | undefined {
  if (record.status !== 'in_progress') return undefined;
  return isStuck(record, now)
    ? `over since ${timeText(record.leaseUntil, now)}`
    : `until ${timeText(record.leaseUntil, now)}`;
}

function withTook({ startedAt, completedAt }: IdempotencyRecord, time: string | undefined) {
  if (time === undefined || completedAt === undefined) return undefined;
  const took = completedAt - startedAt;
  return `${time}, after ${took < 2_000 ? `${took} ms` : spanText(took)}`;
}

function resultText({ status, outcomeBytes }: IdempotencyRecord): string | undefined {
  return status === 'completed' && outcomeBytes !== undefined ? bytesText(outcomeBytes) : undefined;
}

/** What to do with work that does not go on by itself. */
function nextText(record: IdempotencyRecord, now: number): string | undefined {
  switch (statusText(record, now)) {
    case 'unknown':
      return `nobody knows whether its effect happened: look where it would show, then complete or release it${record.expiresAt === undefined ? '' : '; its next call executes it again'}`;
    case 'held':
      return 'it waits for an operator: complete it if its effect happened, release it if not';
    case 'stuck':
      return 'its next call takes it over';
    default:
      return undefined;
  }
}

function settledText({ settledBy }: IdempotencyRecord): string | undefined {
  if (settledBy === undefined) return undefined;
  const { by, reason } = settledBy;
  return visibleText(reason === undefined ? by : `${by}: ${reason}`);
}
