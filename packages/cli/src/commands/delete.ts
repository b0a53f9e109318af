import type { IdempotencyRecord } from '@twiceproof/core';
import type { Command } from 'commander';
import type { Call, Runner } from '../command-call.ts';
import type { ExitCode } from '../failure.ts';
import { changeRecords } from '../records/change.ts';
import { addChangeOptions, type ChangeOptions } from '../records/change-options.ts';
import { addEnvironmentOptions, type EnvironmentOptions } from '../records/filter-options.ts';
import { isStuck } from '../records/status-text.ts';

export function configureDelete(command: Command, runner: Runner): void {
  command
    .description('Forget records, whoever holds them: their next calls start afresh.')
    .argument('<id...>', 'record ids, or beginnings of them');
  addEnvironmentOptions(addChangeOptions(command)).action(runner.action(remove));
}

async function remove(
  call: Call<ChangeOptions & EnvironmentOptions>,
  ids: readonly string[],
): Promise<ExitCode> {
  const session = await call.open();
  const { records } = session.idempotency;
  const wording = { verb: 'delete', done: 'deleted', isForUnreadable: true };
  return changeRecords(call, session, ids, { ...wording, consequence, apply: records.delete });
}

function consequence(record: IdempotencyRecord): string {
  if (record.status === 'in_progress' && !isStuck(record, Date.now())) {
    return 'It is being executed: its executor loses it, and the next call executes at once.';
  }
  return 'Its attempts and its result are forgotten, and the next call executes.';
}
