import { type DecodedOutcome, decodeOutcome } from '../codec/index.ts';
import { IdempotencyError } from '../errors.ts';
import { RECORD_FORMAT, type StoredRecord } from '../store.ts';
import { type Answer, type Call, ended, unanswered } from './call.ts';
import type { KeptReplay } from './kept-replay.ts';
import { isOtherInput } from './other-input.ts';
import { openOutcome } from './outcome-layers.ts';

/**
 * Answers a call from a completed record: its value, or its recorded error thrown again. `recorded` is
 * the outcome before it was sealed, where this process has it. A promise only where the outcome is kept
 * elsewhere.
 */
export function replay<T>(
  call: Call,
  record: StoredRecord,
  recorded?: Uint8Array,
): Answer<T> | Promise<Answer<T>> {
  const { info, inputDigest, policy } = call;
  info.record = record;
  if (isOtherInput(record.inputDigest, inputDigest)) info.inputChanged = true;
  let outcome: DecodedOutcome | Promise<DecodedOutcome>;
  try {
    if (recorded) outcome = decodeOutcome(recorded, record.id, policy.layers.types);
    else if (record.outcome) outcome = openOutcome(policy.layers, record.outcome, record.id);
    else throw corrupt(record.id, 'it is completed but holds no outcome');
  } catch (error) {
    throw unanswered(info, error);
  }
  return outcome instanceof Promise
    ? replayLater(call, record, outcome)
    : answerOf(call, record, outcome);
}

/** As {@link replay}, from what is kept of the same answer. */
export function replayKept<T>(call: Call, kept: KeptReplay): Answer<T> {
  const { info, inputDigest } = call;
  const { record } = kept;
  if (isOtherInput(record.inputDigest, inputDigest)) info.inputChanged = true;
  info.outcome = 'replayed';
  const value = call.onlyReads ? kept.shared : kept.value;
  return { value: value as T, outcome: 'replayed', record };
}

/** As {@link replay}, of a record as a store that has to be waited for has it: what came again is not read again. */
export function replayRead<T>(call: Call, record: StoredRecord): Answer<T> | Promise<Answer<T>> {
  const { info, inputDigest, keptResult } = call;
  const { outcome } = record;
  if (outcome && keptResult?.isOf(outcome)) {
    if (isOtherInput(record.inputDigest, inputDigest)) info.inputChanged = true;
    info.outcome = 'replayed';
    return { value: keptResult.value as T, outcome: 'replayed', record };
  }
  const replayed = replay<T>(call, record);
  if (outcome && !(replayed instanceof Promise)) call.keepResult?.(outcome, replayed.value);
  return replayed;
}

async function replayLater<T>(
  call: Call,
  record: StoredRecord,
  opening: Promise<DecodedOutcome>,
): Promise<Answer<T>> {
  let outcome: DecodedOutcome;
  try {
    outcome = await opening;
  } catch (error) {
    throw unanswered(call.info, error);
  }
  return answerOf(call, record, outcome);
}

function answerOf<T>(call: Call, record: StoredRecord, outcome: DecodedOutcome): Answer<T> {
  const { info } = call;
  switch (outcome.kind) {
    case 'value':
      call.remember?.();
      info.outcome = 'replayed';
      return { value: outcome.value as T, outcome: 'replayed', record };
    case 'error':
      throw ended(info, 'replayed_error', outcome.error);
    case 'omitted':
      throw ended(info, 'replayed', resultOmitted(record.id, outcome.reason));
  }
}

/** The work is done, but its result was not kept. */
export function resultOmitted(
  recordId: string,
  reason: 'too_large' | 'unserializable',
): IdempotencyError {
  const why = reason === 'too_large' ? 'too large' : 'not serialisable';
  const message = `${recordId} was executed, but its result could not be kept (${why}); read the effect itself, or return less from the function`;
  return new IdempotencyError('RESULT_OMITTED', message, { recordId });
}

const statuses: ReadonlySet<string> = new Set(['in_progress', 'completed', 'failed']);

/** Throws `RECORD_CORRUPT` for a record that this version cannot judge. */
export function checkReadable(record: StoredRecord): void {
  if (record.formatVersion > RECORD_FORMAT) {
    throw corrupt(
      record.id,
      `it has format ${record.formatVersion}, written by a newer version of Twiceproof; this one reads up to ${RECORD_FORMAT}, so upgrade @twiceproof/core`,
    );
  }
  if (!(record.formatVersion >= 1)) throw corrupt(record.id, 'its format is unknown');
  if (!statuses.has(record.status)) {
    throw corrupt(record.id, `its status is unknown`);
  }
}

function corrupt(id: string, what: string): IdempotencyError {
  return new IdempotencyError(
    'RECORD_CORRUPT',
    `${id} cannot be used: ${what}; look at it with records.get, and delete it to let the work run again`,
    { recordId: id },
  );
}
