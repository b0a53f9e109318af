import type { ErrorNote, SettledBy, Settlement, Store, StoreOptions } from '@twiceproof/core';
import { corrupt } from './corrupt.ts';
import { flag } from './flag.ts';
import type { OwnClaim } from './own-claim.ts';
import { marginMs } from './plain-verdict.ts';
import { claimedRecord, decodeRecord, encodeSettled } from './record-format.ts';
import { encodeNote } from './record-texts.ts';
import { settled } from './script.ts';
import { isPaused, retentionArgument, type StoreContext } from './store-context.ts';

const nothing = Buffer.alloc(0);

export function createComplete(context: StoreContext): Store['complete'] {
  return (id, token, { bytes, retentionMs, lastError, settledBy, traceparent }, options) => {
    const end: End = { letter: 'c', bytes, retentionMs, lastError, settledBy, traceparent };
    return settle(context, id, token, end, options);
  };
}

export function createRelease(context: StoreContext): Store['release'] {
  return (
    id,
    token,
    { error: lastError, retentionMs, unknown, settledBy, traceparent },
    options,
  ) => {
    const letter = unknown ? 'u' : 'f';
    const end: End = { letter, bytes: undefined, retentionMs, lastError, settledBy, traceparent };
    return settle(context, id, token, end, options);
  };
}

interface End {
  readonly letter: 'c' | 'f' | 'u';
  readonly bytes: Uint8Array | undefined;
  readonly retentionMs: number | null;
  readonly lastError: ErrorNote | undefined;
  readonly settledBy: SettledBy | undefined;
  readonly traceparent: string | undefined;
}

async function settle(
  context: StoreContext,
  id: string,
  token: string,
  end: End,
  options: StoreOptions | undefined,
): Promise<Settlement> {
  const { commands, ownClaims, graceMs, maxRecordBytes } = context;
  const { letter, bytes = nothing } = end;
  const note = encodeNote(end);
  const own = ownClaims.of(id, token);
  const now = own && sureTime(context, own, end, note);
  const duration = now === undefined ? '' : Math.max(0, now - own!.now);
  const retention = retentionArgument(end.retentionMs);
  const args =
    `${flag(now !== undefined)}${letter}${flag(isPaused(options))}${Buffer.byteLength(token)};` +
    `${duration};${retention};${bytes.byteLength};${now === undefined ? '' : `${own!.now}000`};` +
    `${token}${note}`;
  // What cannot fit is not sent; the script still says whose record it is.
  const outcome = bytes.byteLength > maxRecordBytes ? nothing : asBuffer(bytes);
  const swap =
    now === undefined || letter === 'u'
      ? undefined
      : () => ({
          from: own!.value,
          to: encodeSettled(
            own!.value,
            token,
            letter,
            duration as number,
            retention,
            note,
            outcome,
          ),
          ttlMs: retention === '' ? undefined : retention + graceMs,
        });
  let answer: unknown;
  try {
    answer = await commands.settle({ key: commands.keyOf(id), args, outcome, swap, options });
  } catch (error) {
    throw context.fault(error, id);
  }
  ownClaims.forget(token);
  if (Number(answer) === settled.asExpected)
    return { status: 'done', record: expectedRecord(own!, end, duration as number) };
  const [verdict, told] = answer as [verdict: number | string, told: unknown];
  switch (Number(verdict)) {
    case settled.now:
      return { status: 'done', record: decodeRecord(id, told as Buffer, { outcome: end.bytes }) };
    case settled.before:
      return { status: 'already_done', record: decodeRecord(id, told as Buffer) };
    case settled.tooLarge:
      return { status: 'too_large', recordBytes: Number(told), maxRecordBytes };
    case settled.unreadable:
      throw corrupt(id);
    case settled.fault:
      throw context.fault(new Error(String(told)), id);
    default:
      return { status: 'lost' };
  }
}

/**
 * The server's time, if the claimant knows beyond doubt what settling its record comes to: it counts and
 * fits. What ends as unknown stays what its claim made it, which only the script has before it.
 */
function sureTime(
  { clock, maxRecordBytes }: StoreContext,
  { claim, now: claimedAt, value }: OwnClaim,
  { letter, bytes = nothing }: End,
  note: string,
): number | undefined {
  const now = clock.now();
  if (now === undefined || letter === 'u') return undefined;
  const { leaseMs, retentionMs } = claim;
  const counts = retentionMs === null || claimedAt + leaseMs + retentionMs - now > marginMs;
  // Roughly: what is near to the limit is measured by the script.
  const mostBytes = 3 * (value.length + note.length) + bytes.byteLength + roomForHead;
  return counts && mostBytes <= maxRecordBytes ? Math.floor(now) : undefined;
}

const roomForHead = 100;

/** What the record is now, of which the server need not tell its claimant. */
function expectedRecord({ claim, now }: OwnClaim, end: End, duration: number) {
  const claimed = claimedRecord(claim, now);
  const { letter, bytes, lastError, settledBy, traceparent = claimed.traceparent } = end;
  const completedAt = now + duration;
  return {
    ...claimed,
    status: letter === 'c' ? ('completed' as const) : ('failed' as const),
    completedAt,
    expiresAt: end.retentionMs === null ? undefined : completedAt + Math.ceil(end.retentionMs),
    outcome: bytes,
    outcomeBytes: bytes?.byteLength,
    lastError,
    settledBy,
    traceparent,
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
