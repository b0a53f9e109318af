import type { IdempotencyRecord } from '@twiceproof/core';
import type { Command } from 'commander';
import type { Call, Runner } from '../command-call.ts';
import { type ExitCode, usage } from '../failure.ts';
import { changeRecords } from '../records/change.ts';
import { changeMatching } from '../records/change-matching.ts';
import {
  addChangeOptions,
  addStepsOption,
  type ChangeOptions,
  type StepOptions,
} from '../records/change-options.ts';
import { addFilterOptions, type FilterOptions } from '../records/filter-options.ts';
import { isStuck, isWorkflow } from '../records/status-text.ts';
import { isAboutMatching } from '../records/target.ts';

interface DeleteOptions extends ChangeOptions, StepOptions, FilterOptions {
  readonly where?: boolean;
}

export function configureDelete(command: Command, runner: Runner): void {
  command
    .description('Forget records, whoever holds them: their next calls start afresh.')
    .argument('[id...]', 'record ids, or beginnings of them')
    .option(
      '--where',
      'every record that matches the filters below and that nobody executes, after counting them',
    );
  addFilterOptions(addChangeOptions(addStepsOption(command))).action(runner.action(remove));
}

async function remove(call: Call<DeleteOptions>, ids: readonly string[]): Promise<ExitCode> {
  const isBulk = isAboutMatching(ids, call.options);
  if (isBulk && call.options.steps) {
    throw usage('--steps is about single workflows; give their ids, or --workflow for their steps');
  }
  const session = await call.open();
  const { records } = session.idempotency;
  const wording = { verb: 'delete', done: 'deleted' };
  if (!isBulk) {
    return changeRecords(call, session, ids, {
      ...wording,
      isForUnreadable: true,
      consequence: (record) => consequence(record, call.options.steps),
      apply: records.delete,
    });
  }
  return changeMatching(call, session, {
    ...wording,
    consequence: 'Their attempts and results are forgotten, and their next calls execute.',
    apply: records.deleteAll,
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
