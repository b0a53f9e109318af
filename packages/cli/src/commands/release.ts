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
import { isWorkflow } from '../records/status-text.ts';
import { isAboutMatching } from '../records/target.ts';

interface ReleaseOptions extends ChangeOptions, StepOptions, FilterOptions {
  readonly where?: boolean;
}

export function configureRelease(command: Command, runner: Runner): void {
  command
    .description('Let work run again at its next call: failed, held, crashed or completed.')
    .argument('[id...]', 'record ids, or beginnings of them')
    .option('--where', 'every record that matches the filters below, after counting them');
  addFilterOptions(addChangeOptions(addStepsOption(command))).action(runner.action(release));
}

async function release(call: Call<ReleaseOptions>, ids: readonly string[]): Promise<ExitCode> {
  const isBulk = isAboutMatching(ids, call.options);
  if (isBulk && call.options.steps) {
    throw usage('--steps is about single workflows; give their ids, or --workflow for their steps');
  }
  const session = await call.open();
  const { records } = session.idempotency;
  if (!isBulk) {
    return changeRecords(call, session, ids, {
      ...wording,
      consequence: (record) => consequence(record, call.options.steps),
      apply: records.release,
    });
  }
  return changeMatching(call, session, {
    ...wording,
    consequence: 'Their work runs again at its next calls.',
    apply: records.releaseAll,
  });
}

const wording = { verb: 'release', done: 'released' };

function consequence(record: IdempotencyRecord, steps = false): string {
  if (steps) return 'It runs again at its next call, with all of its steps.';
  if (isWorkflow(record)) {
    return 'Its body runs again at its next call, and its completed steps are replayed; --steps runs them again.';
  }
  return record.status === 'completed'
    ? 'Its work is done, and runs once more at its next call.'
    : 'Its work runs again at its next call.';
}
