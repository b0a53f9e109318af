import {
  type IdempotencyRecord,
  isIdempotencyError,
  type Records,
  type StepActionOptions,
} from '@twiceproof/core';
import type { Call } from '../command-call.ts';
import { type ExitCode, exitCodes, Failure, usage } from '../failure.ts';
import { confirm } from '../output/confirm.ts';
import { relativeText, spanText } from '../output/time-text.ts';
import { oneLine, visibleText } from '../output/visible-text.ts';
import type { Session } from '../session.ts';
import { attribution, type ChangeOptions, type StepOptions } from './change-options.ts';
import { type EnvironmentOptions, environmentOf } from './filter-options.ts';
import { findRecord, type Place } from './find.ts';
import { statusText } from './status-text.ts';

/** Something that an operator does to single records. */
export interface Change {
  /** `release`, and `released` for when it is done. */
  readonly verb: string;
  readonly done: string;
  /** What follows from it, for the question. */
  readonly consequence: (record: IdempotencyRecord) => string;
  /** Why it cannot be done to this record at all. */
  readonly refusal?: (record: IdempotencyRecord) => string | undefined;
  readonly apply: (id: string, options: StepActionOptions) => Promise<boolean>;
  /** Done also to a record that cannot be read. */
  readonly isForUnreadable?: boolean;
}

/** A record to change, as it was seen. */
interface Target {
  readonly id: string;
  /** Undefined where it cannot be read; then `problem` says why. */
  readonly record: IdempotencyRecord | undefined;
  readonly problem?: string;
}

interface Outcome {
  readonly id: string;
  readonly done: boolean;
  /** Why it was not done. */
  readonly why?: string | undefined;
}

/** Does it to the records of these ids, each as it was seen, after asking once. */
export async function changeRecords(
  call: Call<ChangeOptions & StepOptions & EnvironmentOptions>,
  { idempotency, config }: Session,
  ids: readonly string[],
  change: Change,
): Promise<ExitCode> {
  const { options, terminal, screen, progress } = call;
  const { records } = idempotency;
  if (options.ifVersion !== undefined && ids.length > 1) {
    throw usage('--if-version is about one record; give one id');
  }
  const place = { records, environment: environmentOf(options, config), progress };
  const targets = new Map<string, Target>();
  for (const id of ids) {
    const target = await find(place, id, change);
    if (target.record) checkChangeable(target.record, options.ifVersion, change);
    targets.set(target.id, target);
  }
  if (!options.yes) await confirm(terminal, question([...targets.values()], change));

  const outcomes: Outcome[] = [];
  try {
    for (const { id, record } of targets.values()) {
      const attributed = {
        version: record?.version,
        ...attribution(options, terminal),
        ...(options.steps && { steps: true }),
      };
      const outcome = await applied(records, id, () => change.apply(id, attributed));
      outcomes.push(outcome);
      if (!screen.isJson && outcome.done) screen.print(`${change.done} ${id}`);
      if (!outcome.done) terminal.stderr.write(`twiceproof: ${id} ${outcome.why}\n`);
    }
  } finally {
    // Also when the store went away after some of them.
    const results = outcomes.map(outcomeFields);
    if (screen.isJson) screen.printJson({ action: change.verb, results });
  }
  return outcomes.every(({ done }) => done) ? exitCodes.done : exitCodes.refused;
}

async function find(place: Place, id: string, { isForUnreadable }: Change): Promise<Target> {
  try {
    const record = await findRecord(place, id);
    return { id: record.id, record };
  } catch (error) {
    if (!isForUnreadable || !isIdempotencyError(error, 'RECORD_CORRUPT')) throw error;
    const { recordId = id, message } = error;
    return { id: recordId, record: undefined, problem: message.replace(/^[A-Z_]+: /, '') };
  }
}

function checkChangeable(
  record: IdempotencyRecord,
  expected: string | undefined,
  { refusal }: Change,
): void {
  const why =
    expected !== undefined && expected !== record.version
      ? changedSince(record)
      : refusal?.(record);
  if (why !== undefined)
    throw new Failure(exitCodes.refused, `nothing was changed: ${record.id} ${why}`);
}

function question(targets: readonly Target[], { verb, consequence }: Change): string {
  const now = Date.now();
  const lines = targets.flatMap(({ id, record, problem = '' }) => {
    if (record === undefined) return [`  ${id}`, `    ${oneLine(problem)}`];
    const { startedAt, attempt, keyPreview } = record;
    const key = keyPreview === undefined ? '' : `, key ${visibleText(keyPreview)}`;
    const state = `${statusText(record, now)}, started ${relativeText(startedAt, now)}, attempt ${attempt}${key}`;
    return [`  ${id}`, `    ${state}`, `    ${consequence(record)}`];
  });
  const capital = verb[0]!.toUpperCase() + verb.slice(1);
  return `${lines.join('\n')}\n${capital} ${targets.length === 1 ? 'it' : `these ${targets.length}`}?`;
}

async function applied(
  records: Records,
  id: string,
  apply: () => Promise<boolean>,
): Promise<Outcome> {
  try {
    if (await apply()) return { id, done: true };
  } catch (error) {
    if (!isIdempotencyError(error, 'IN_PROGRESS')) throw error;
    const left = spanText(error.retryAfterMs ?? 0);
    const why = `is being executed right now, under a lease of another ${left}; nothing was changed: try again later, or delete the record if its executor will never end`;
    return { id, done: false, why };
  }
  const current = await records.get(id);
  if (current === undefined) {
    return { id, done: false, why: 'is gone: it expired, or somebody deleted it' };
  }
  return { id, done: false, why: changedSince(current) };
}

function changedSince(current: IdempotencyRecord): string {
  return `has changed since it was looked at, and is ${statusText(current, Date.now())} now (version ${current.version}); look at it again with twiceproof show, then decide`;
}

function outcomeFields({ id, done, why }: Outcome): Required<Outcome> {
  return { id, done, why };
}
