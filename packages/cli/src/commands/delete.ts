import type { IdempotencyRecord } from '@twiceproof/core';
import type { Command } from 'commander';
import type { Call, Runner } from '../command-call.ts';
import type { ExitCode } from '../failure.ts';
import { changeRecords } from '../records/change.ts';
import {
  addChangeOptions,
  addStepsOption,
  type ChangeOptions,
  type StepOptions,
} from '../records/change-options.ts';
import { addEnvironmentOptions, type EnvironmentOptions } from '../records/filter-options.ts';
import { isStuck, isWorkflow } from '../records/status-text.ts';

export function configureDelete(command: Command, runner: Runner): void {
  command
    .description('Forget records, whoever holds them: their next calls start afresh.')
    .argument('<id...>', 'record ids, or beginnings of them');
  addEnvironmentOptions(addChangeOptions(addStepsOption(command))).action(runner.action(remove));
}

async function remove(
  call: Call<ChangeOptions & StepOptions & EnvironmentOptions>,
  ids: readonly string[],
): Promise<ExitCode> {
  const session = await call.open();
  const { records } = session.idempotency;
  const wording = { verb: 'delete', done: 'deleted', isForUnreadable: true };
  return changeRecords(call, session, ids, {
    ...wording,
    consequence: (record) => consequence(record, call.options.steps),
    apply: records.delete,
  });
}

function consequence(record: IdempotencyRecord, steps = false): string {
  if (record.status === 'in_progress' && !isStuck(record, Date.now())) {
    return 'It is being executed: its executor loses it, and the next call executes at once.';
  }
  if (steps) return 'It and its steps are forgotten, and the next call executes all of them.';
  if (isWorkflow(record)) {
    return 'It is forgotten: the next call runs its body, and replays its completed steps; --steps forgets them, too.';
  }
  return 'Its attempts and its result are forgotten, and the next call executes.';
}
